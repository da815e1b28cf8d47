import type { CpuidResult } from '../../child/cpu-port.js';
import { CHILD_PRIVILEGES } from './privileges.js';

/** The features a partition is told of (TLFS 6.0b, "Feature and Interface Discovery"); nothing that is not there. */
const PRIVILEGES_LOW =
  (1 << 1) | // AccessPartitionReferenceCounter
  (1 << 2) | // AccessSynicRegs
  (1 << 3) | // AccessSyntheticTimerRegs
  (1 << 5) | // AccessHypercallMsrs
  (1 << 6) | // AccessVpIndex
  (1 << 9) | // AccessPartitionReferenceTsc
  (1 << 11); // AccessFrequencyMsrs
const PRIVILEGES_HIGH = Number(CHILD_PRIVILEGES >> 32n);
const FEATURES =
  (1 << 8) | // frequency MSRs
  (1 << 10) | // guest crash MSRs
  (1 << 19); // direct-mode synthetic timers
const RECOMMENDATIONS =
  (1 << 5) | // relaxed timing: no watchdogs
  (1 << 9); // the APIC has no automatic end of interrupt

const MAX_HYPERVISOR_LEAF = 0x40000006;

const NEVER_SPIN_NOTIFY = 0xffffffff;

/** The hypervisor's leaf, or null where the leaf is the processor's. Unknown leaves of the range are all zero. */
export function hypervisorCpuid(leaf: number): CpuidResult | null {
  if (leaf < 0x40000000 || leaf > 0x400000ff) return null;
  switch (leaf) {
    case 0x40000000:
      return result(MAX_HYPERVISOR_LEAF, text('Micr'), text('osof'), text('t Hv'));
    case 0x40000001:
      return result(text('Hv#1'), 0, 0, 0);
    case 0x40000002: // 10.0.20348: Windows Server 2022, whose VMBus this host speaks
      return result(20348, 10 << 16, 0, 0);
    case 0x40000003:
      return result(PRIVILEGES_LOW, PRIVILEGES_HIGH, 0, FEATURES);
    case 0x40000004:
      return result(RECOMMENDATIONS, NEVER_SPIN_NOTIFY, 0, 0);
    case 0x40000005: // the most virtual and logical processors
      return result(1, 1, 0, 0);
    default:
      return result(0, 0, 0, 0);
  }
}

function result(eax: number, ebx: number, ecx: number, edx: number): CpuidResult {
  return { eax, ebx, ecx, edx };
}

function text(four: string): number {
  return four.split('').reduceRight((word, letter) => (word << 8) | letter.charCodeAt(0), 0);
}
