/** What a VP of the guest is doing. */
export const Doing = {
  Nothing: 0,
  Request: 1,
  Interrupt: 2,
  Hypercall: 3,
  Exit: 4,
  Trapped: 5,
  System: 6,
  BackEnd: 7,
  Deferred: 8,
} as const;
/** The same for the timeline. */
export const DOING_NAMES = [
  '',
  'request',
  'interrupt',
  'hypercall',
  'exit: I/O port',
  'intercept: I/O port',
  'system',
  'driver in the hypervisor',
  'network stack',
];
