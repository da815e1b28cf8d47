/** Results of hypercalls (TLFS 6.0b, "Hypercall Status Codes"; TLFS 2.0a appendix C). */
export const HvStatus = {
  Success: 0x0000,
  InvalidHypercallCode: 0x0002,
  InvalidHypercallInput: 0x0003,
  InvalidAlignment: 0x0004,
  InvalidParameter: 0x0005,
  AccessDenied: 0x0006,
  InvalidPartitionState: 0x0007,
  OperationDenied: 0x0008,
  PropertyValueOutOfRange: 0x000a,
  InsufficientMemory: 0x000b,
  InvalidVpIndex: 0x000e,
  InvalidPortId: 0x0011,
  InvalidConnectionId: 0x0012,
  InsufficientBuffers: 0x0013,
  InvalidSynicState: 0x0018,
} as const;

export type HvStatus = (typeof HvStatus)[keyof typeof HvStatus];

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(HvStatus).map(([name, status]) => [
    status,
    `HV_STATUS${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
  ]),
);

/** As the TLFS calls it. */
export function statusName(status: HvStatus): string {
  return NAMES.get(status) ?? `status ${status}`;
}
