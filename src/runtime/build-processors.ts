import { logicalProcessors } from '../model/admission.js';
import type { SchedulerSite } from './architecture/architecture.js';
import { ARCHITECTURES } from './architecture/architectures.js';
import { isIdeal } from './architecture/ideal-scheduling.js';
import { IdealProcessors } from './hypervisor/ideal-processors.js';
import { LogicalProcessors } from './hypervisor/logical-processors.js';
import { Nodes } from './hypervisor/nodes.js';
import type { Processors } from './hypervisor/processors.js';
import type { SmtCost } from './hypervisor/smt.js';

export interface BuiltProcessors {
  processors: Processors;
  /** The scheduler takes its place once every VP is known. */
  install(): void;
}

/** The processors of a host, with the scheduler of its architecture or the ideal one. */
export function buildProcessors(
  site: Omit<SchedulerSite, 'processors'>,
  /** How much of the memory of a VP's partition is not on a node. */
  remoteShare: (vp: number, node: number) => number,
): BuiltProcessors {
  const { model, costs, timers, vps } = site;
  const { devices, scheduling } = ARCHITECTURES[model.hypervisor.architecture];
  const lpCount = logicalProcessors(model.hardware);
  const smt = smtOf(site);
  if (isIdeal(model)) {
    const ideal = new IdealProcessors(timers, vps, lpCount, smt);
    return { processors: ideal, install: () => ideal.divide() };
  }
  const { numaNodes } = model.hardware.memory;
  const processors = new LogicalProcessors(
    timers,
    vps,
    lpCount,
    costs.get(devices.contextSwitch),
    smt,
    costs.get('cache-refill'),
    numaNodes <= 1
      ? null
      : {
          nodes: new Nodes(lpCount, numaNodes),
          slowdownPercent: costs.get('numa-remote').amount,
          remoteShare,
          charge: (vp, ns) => {
            vps.remoteNs[vp] = vps.remoteNs[vp]! + costs.get('numa-remote').chargeNs(ns, 0);
          },
        },
  );
  return { processors, install: () => processors.use(scheduling.create({ ...site, processors })) };
}

function smtOf({ model, costs }: Pick<SchedulerSite, 'model' | 'costs'>): SmtCost | null {
  const { threadsPerCore } = model.hardware.processor;
  if (threadsPerCore === 1) return null;
  return {
    threadsPerCore,
    throughputPercent: costs.get('smt-throughput').amount,
    contention: costs.get('smt-contention'),
  };
}
