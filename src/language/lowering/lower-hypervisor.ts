import { automaticReserve, defaultReserve } from '../../model/admission.js';
import { findRelease, RELEASES } from '../../model/catalog/releases.js';
import type { Hardware, Hypervisor, Parent, ParentReserve } from '../../model/host-model.js';
import type { HypervisorSpec, ParentDeclaration, ParentReserveClause } from '../generated/ast.js';
import { quantityValue } from '../quantity.js';

/** A host that names no hypervisor runs the newest Hyper-V. */
const NEWEST_RELEASE = RELEASES.at(-1)?.id ?? null;

export function lowerHypervisor(spec: HypervisorSpec | undefined): Hypervisor {
  if (spec === undefined) return { architecture: 'hyper-v', release: NEWEST_RELEASE, scheduler: null, costsNs: {} };
  const release = spec.release?.replace(/\s/g, '') ?? null;
  return {
    architecture: spec.architecture,
    release: release ?? (spec.architecture === 'hyper-v' ? NEWEST_RELEASE : null),
    product: spec.product,
    scheduler: spec.scheduler ?? null,
    limits: spec.limits,
    numaSpanning: spec.numaSpanning === 'off' ? false : undefined,
    costsNs: Object.fromEntries(spec.costs.map((cost) => [cost.cost, quantityValue(cost.time)])),
  };
}

/** Null where the architecture has no privileged partition. */
export function lowerParent(
  declaration: ParentDeclaration | undefined,
  hypervisor: Hypervisor,
  hardware: Hardware,
): Parent | null {
  if (hypervisor.architecture === 'esxi') return null;
  return {
    operatingSystem: declaration?.operatingSystem ?? defaultParentSystem(hypervisor),
    flavour: lowerFlavour(declaration),
    virtualProcessors: quantityValue(declaration?.processors, null),
    reserve: lowerReserve(declaration?.reserve, hardware),
  };
}

/** The operating system that usually runs in the privileged partition of an architecture. */
function defaultParentSystem(hypervisor: Hypervisor): string {
  if (hypervisor.architecture === 'hyper-v') {
    return findRelease(hypervisor.release ?? '')?.title ?? `Windows Server ${hypervisor.release ?? ''}`.trim();
  }
  return hypervisor.architecture === 'hosted' ? 'Windows 11' : 'Debian';
}

function lowerFlavour(declaration: ParentDeclaration | undefined): Parent['flavour'] {
  // The parser joins the two words of `hyper-v server`.
  const flavour: string = declaration?.flavour ?? 'full';
  return flavour === 'core' || flavour === 'client' || flavour === 'full' ? flavour : 'hyper-v-server';
}

/** A reserve of one resource leaves the other at its default. */
function lowerReserve(clause: ParentReserveClause | undefined, hardware: Hardware): ParentReserve {
  if (clause === undefined) return defaultReserve();
  if (clause.automatic) return automaticReserve(hardware);
  const usual = defaultReserve();
  return {
    policy: 'manual',
    cpuPercent: quantityValue(clause.cpu, usual.cpuPercent),
    memoryBytes: quantityValue(clause.memory, usual.memoryBytes),
  };
}
