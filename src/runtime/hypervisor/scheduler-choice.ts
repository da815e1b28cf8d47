import { findRelease } from '../../model/catalog/releases.js';
import type { HostModel, SchedulerKind } from '../../model/host-model.js';

/** The scheduler this host would use: the file's, or the default of its release. Without SMT, core behaves as classic. */
export function wantedScheduler({ hypervisor, hardware }: HostModel): SchedulerKind {
  const { release } = hypervisor;
  const usual = release === null ? undefined : findRelease(release)?.defaultScheduler;
  const wanted = hypervisor.scheduler ?? usual ?? 'classic';
  return wanted === 'core' && hardware.processor.threadsPerCore === 1 ? 'classic' : wanted;
}

/** What is said where the classic scheduler stands in for the default of a release; undefined where it does not. */
export function schedulerNotice(model: HostModel): string | undefined {
  const wanted = wantedScheduler(model);
  if (wanted === 'classic') return undefined;
  return `the default of this release is the ${wanted} scheduler, which this engine does not have yet`;
}
