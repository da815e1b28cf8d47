import { CallCode } from './tlfs/privileges.js';

/** TLFS 2.0a §5.2.5; what lies between `active` and `finalized` is over at once. */
export type PartitionPhase = 'uninitialized' | 'active' | 'finalized' | 'deleted';

const WHILE_IT_LIVES: readonly PartitionPhase[] = ['uninitialized', 'active'];
const ACTIVE: readonly PartitionPhase[] = ['active'];

/** The phases in which a partition takes each of its parent's calls; in any other it answers HV_STATUS_INVALID_PARTITION_STATE. */
const TAKEN_IN: ReadonlyMap<number, readonly PartitionPhase[]> = new Map([
  [CallCode.SetPartitionProperty, WHILE_IT_LIVES],
  [CallCode.DepositMemory, WHILE_IT_LIVES],
  [CallCode.InitializePartition, ['uninitialized']],
  [CallCode.CreateVp, ACTIVE],
  [CallCode.DeleteVp, ACTIVE],
  [CallCode.MapGpaPages, ACTIVE],
  [CallCode.UnmapGpaPages, ACTIVE],
  [CallCode.FinalizePartition, ACTIVE],
  [CallCode.WithdrawMemory, ['active', 'finalized']],
  [CallCode.DeletePartition, ['finalized']],
]);

export function takesCall(phase: PartitionPhase, code: number): boolean {
  return TAKEN_IN.get(code)?.includes(phase) ?? false;
}
