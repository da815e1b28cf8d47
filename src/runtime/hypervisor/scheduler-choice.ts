import { findRelease } from '../../model/catalog/releases.js';
import type { HostModel, SchedulerKind } from '../../model/host-model.js';

/** Hyper-V's event 2 records the type of its scheduler with these numbers. */
export const SCHEDULER_EVENT: Record<SchedulerKind, string> = { classic: '0x2', core: '0x3', root: '0x4' };

/** The scheduler of a Hyper-V host: the file's, if that is a real one, or the default of its release. Without SMT, core behaves as classic. */
export function schedulerOf({ hypervisor, hardware, parent }: HostModel): SchedulerKind {
  const { release } = hypervisor;
  const ofRelease = (release === null ? undefined : findRelease(release)?.defaultScheduler) ?? 'classic';
  // Clients have had the root scheduler since Windows 10 1803, the sibling of Windows Server 2019.
  const usual = parent?.flavour === 'client' && ofRelease === 'core' ? 'root' : ofRelease;
  const chosen = hypervisor.scheduler === 'ideal' ? null : hypervisor.scheduler;
  const kind = chosen ?? usual;
  return kind === 'core' && hardware.processor.threadsPerCore === 1 ? 'classic' : kind;
}
