import { type Counter, counterObject } from './counter.js';
import { eachVirtualProcessor } from './instances.js';

const RATIO = 0.01;

/** Where the time of each virtual processor went. Of the states, Hyper-V counts only running. */
export const VIRTUAL_PROCESSOR_COUNTERS: readonly Counter[] = [
  ...counterObject('Hyper-V Hypervisor Virtual Processor', eachVirtualProcessor, [
    [
      '% Total Run Time',
      'documented',
      'virtual_processor_run_time_ratio',
      RATIO,
      'Time a virtual processor ran.',
      (vp) => vp.runningPercent,
    ],
  ]),
  ...counterObject('hvhost Virtual Processor', eachVirtualProcessor, [
    [
      '% Ready Time',
      'own',
      'virtual_processor_ready_time_ratio',
      RATIO,
      'Time a virtual processor waited for a logical processor.',
      (vp) => vp.readyPercent,
    ],
    [
      '% Waiting Time',
      'own',
      'virtual_processor_waiting_time_ratio',
      RATIO,
      'Time a virtual processor had halted or had used up its limit.',
      (vp) => vp.waitingPercent,
    ],
    [
      '% Suspended Time',
      'own',
      'virtual_processor_suspended_time_ratio',
      RATIO,
      'Time a virtual processor was stopped, or waited for an intercept to be handled.',
      (vp) => vp.suspendedPercent,
    ],
    [
      '% Remote Memory Time',
      'own',
      'virtual_processor_remote_memory_time_ratio',
      RATIO,
      'Time a virtual processor ran and did not get on, because its memory is on another NUMA node.',
      (vp) => vp.remotePercent,
    ],
  ]),
];
