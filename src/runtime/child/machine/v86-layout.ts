/**
 * Where v86 0.5.462 keeps the state of its processor in wasm memory (copy/v86, src/rust/cpu/global_pointers.rs).
 * Byte offsets; valid for the build with V86_FINGERPRINT and for no other.
 */
export const V86_FINGERPRINT = 0xfedc69c9;

export const Layout = {
  /** Eight 32-bit registers: EAX ECX EDX EBX ESP EBP ESI EDI. */
  registers: 64,
  flagsChanged: 100,
  lastResult: 112,
  flags: 120,
  segmentAccess: 512,
  instructionPointer: 556,
  previousInstructionPointer: 560,
  gdtrSize: 572,
  gdtrOffset: 576,
  cr0: 580,
  cpl: 612,
  inHlt: 616,
  lastVirtualEip: 620,
  segmentSelectors: 668,
  segmentIsNull: 724,
  segmentOffsets: 736,
  segmentLimits: 768,
  protectedMode: 800,
  is32: 804,
  stackSize32: 808,
  mxcsr: 824,
  currentTsc: 960,
  fpuStatusWord: 1040,
} as const;

/** The local APIC's state behind `get_apic_addr()` (src/rust/cpu/apic.rs): eight words each. */
export const ApicLayout = { interruptRequest: 64, triggerMode: 128 } as const;

export const Register = { eax: 0, ecx: 1, edx: 2, ebx: 3, esp: 4, ebp: 5, esi: 6, edi: 7 } as const;
