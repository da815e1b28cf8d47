/** What a partition may ask of the hypervisor (TLFS, "Partition Privilege Flags" and "Hypercall Reference"). */
export const Privilege = {
  CreatePartitions: 1n << 32n,
  AccessPartitionId: 1n << 33n,
  AccessMemoryPool: 1n << 34n,
  PostMessages: 1n << 36n,
  SignalEvents: 1n << 37n,
  CreatePort: 1n << 38n,
  ConnectPort: 1n << 39n,
} as const;

/** What a child's CPUID leaf 0x40000003 shows in EBX, which is the upper half of its flags. */
export const CHILD_PRIVILEGES = Privilege.PostMessages | Privilege.SignalEvents;

/** The root's, as far as there are calls for them. */
export const ROOT_PRIVILEGES = Object.values(Privilege).reduce((all, one) => all | one, 0n);

/** Call codes of partition management, messages and events. */
export const CallCode = {
  CreatePartition: 0x40,
  InitializePartition: 0x41,
  FinalizePartition: 0x42,
  DeletePartition: 0x43,
  GetPartitionProperty: 0x44,
  SetPartitionProperty: 0x45,
  GetPartitionId: 0x46,
  GetNextChildPartition: 0x47,
  DepositMemory: 0x48,
  WithdrawMemory: 0x49,
  GetMemoryBalance: 0x4a,
  MapGpaPages: 0x4b,
  UnmapGpaPages: 0x4c,
  InstallIntercept: 0x4d,
  CreateVp: 0x4e,
  DeleteVp: 0x4f,
  CreatePort: 0x57,
  DeletePort: 0x58,
  ConnectPort: 0x59,
  DisconnectPort: 0x5b,
  PostMessage: 0x5c,
  SignalEvent: 0x5d,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(CallCode).map(([name, code]) => [code, `HvCall${name}`]),
);

/** As the TLFS calls it; null where there is no such call. */
export function callName(code: number): string | null {
  return NAMES.get(code) ?? null;
}

const REQUIRED: ReadonlyMap<number, bigint> = new Map([
  [CallCode.CreatePartition, Privilege.CreatePartitions],
  [CallCode.InitializePartition, Privilege.CreatePartitions],
  [CallCode.FinalizePartition, Privilege.CreatePartitions],
  [CallCode.DeletePartition, Privilege.CreatePartitions],
  [CallCode.GetPartitionProperty, Privilege.CreatePartitions],
  [CallCode.SetPartitionProperty, Privilege.CreatePartitions],
  [CallCode.GetPartitionId, Privilege.AccessPartitionId],
  [CallCode.GetNextChildPartition, Privilege.CreatePartitions],
  [CallCode.DepositMemory, Privilege.AccessMemoryPool],
  [CallCode.WithdrawMemory, Privilege.AccessMemoryPool],
  [CallCode.GetMemoryBalance, Privilege.AccessMemoryPool],
  [CallCode.MapGpaPages, Privilege.CreatePartitions],
  [CallCode.UnmapGpaPages, Privilege.CreatePartitions],
  [CallCode.InstallIntercept, Privilege.CreatePartitions],
  [CallCode.CreateVp, Privilege.CreatePartitions],
  [CallCode.DeleteVp, Privilege.CreatePartitions],
  [CallCode.CreatePort, Privilege.CreatePort],
  [CallCode.DeletePort, Privilege.CreatePort],
  [CallCode.ConnectPort, Privilege.ConnectPort],
  [CallCode.DisconnectPort, Privilege.ConnectPort],
  [CallCode.PostMessage, Privilege.PostMessages],
  [CallCode.SignalEvent, Privilege.SignalEvents],
]);

/** Whether a partition with these flags may make the call; null where there is no such call. */
export function mayCall(code: number, privileges: bigint): boolean | null {
  const required = REQUIRED.get(code);
  return required === undefined ? null : (privileges & required) === required;
}
