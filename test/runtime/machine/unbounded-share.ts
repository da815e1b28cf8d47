import { ProcessorShare } from '../../../src/runtime/child/machine/processor-share.js';

/** A whole processor, of which nobody wants to hear. */
export function unboundedShare(): ProcessorShare {
  return new ProcessorShare(1, { runNs: 50e6, longestWaitNs: 50e6 }, () => {});
}
