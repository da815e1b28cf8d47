/** Synthetic MSRs (TLFS 6.0b, "Synthetic MSRs"). */
export const Msr = {
  /** The processor's own, which the reference TSC page counts on. */
  TimeStampCounter: 0x10,
  GuestOsId: 0x40000000,
  Hypercall: 0x40000001,
  VpIndex: 0x40000002,
  TimeRefCount: 0x40000020,
  ReferenceTsc: 0x40000021,
  TscFrequency: 0x40000022,
  ApicFrequency: 0x40000023,
  Scontrol: 0x40000080,
  Sversion: 0x40000081,
  Siefp: 0x40000082,
  Simp: 0x40000083,
  Eom: 0x40000084,
  Sint0: 0x40000090,
  Sint15: 0x4000009f,
  Stimer0Config: 0x400000b0,
  Stimer3Count: 0x400000b7,
  CrashP0: 0x40000100,
  CrashP4: 0x40000104,
  CrashControl: 0x40000105,
} as const;

/** An MSR that holds an enable bit and a guest page: the page's address, or null while it is disabled. */
export function enabledPage(value: bigint): number | null {
  if ((value & 1n) === 0n) return null;
  return Number(value >> 12n) * 4096;
}
