import { lowerParent } from '../../language/lowering/lower-hypervisor.js';
import type { HostModel, Hypervisor, Parent } from '../../model/host-model.js';

/** The same hardware, partitions and work on another hypervisor; costs the host's file sets itself hold there, too. */
export function onHypervisor(model: HostModel, hypervisor: Hypervisor): HostModel {
  const costsNs = { ...model.hypervisor.costsNs, ...hypervisor.costsNs };
  return { ...model, hypervisor: { ...hypervisor, costsNs }, parent: parentOn(model, hypervisor) };
}

/** As "esxi 5", "hyper-v 2025 ideal" or "hosted VMware Workstation". */
export function hypervisorLabel({ architecture, release, product, scheduler }: Hypervisor): string {
  return [architecture, release ?? product, scheduler].filter(Boolean).join(' ');
}

/** Another architecture has another privileged domain, or none; what it takes off the top stays the same. */
function parentOn(model: HostModel, hypervisor: Hypervisor): Parent | null {
  if (hypervisor.architecture === model.hypervisor.architecture) return model.parent;
  const usual = lowerParent(undefined, hypervisor, model.hardware);
  if (usual === null || model.parent === null) return usual;
  const { virtualProcessors, reserve } = model.parent;
  return { ...usual, virtualProcessors, reserve };
}
