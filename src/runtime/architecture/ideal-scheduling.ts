import type { HostModel } from '../../model/host-model.js';

/** As the boot log says it. */
export const IDEAL_SCHEDULING = {
  title: 'ideal scheduler: a reference, not a real one',
  detail: 'a fluid without slices and switches; limits are rates, at every moment',
};

/** Whether the host is to show exact shares, instead of what its architecture does. */
export function isIdeal({ hypervisor }: HostModel): boolean {
  return hypervisor.scheduler === 'ideal';
}

/** What the numbers of such a run are not. */
export function idealNotes(model: HostModel): string[] {
  if (!isIdeal(model)) return [];
  const { threadsPerCore } = model.hardware.processor;
  const smt = threadsPerCore === 1 ? '' : ' What threads of a core cost one another was shared by all who ran.';
  return [
    'The scheduler is ideal: at every moment each VP had exactly its share of the processors. No real one does that: there were ' +
      `no slices, switches, queues, pinned VPs, cold caches and NUMA nodes, and limits were rates, which stretch every burst.${smt}`,
  ];
}
