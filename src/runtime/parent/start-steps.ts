import { type ChildAdmission, machineOverheadBytes } from '../../model/admission.js';
import { PAGE_BYTES } from '../hardware/system-memory.js';
import type { HostParts } from '../host-parts.js';
import { FULL_LP, type Partition } from '../hypervisor/partition.js';
import { HvStatus } from '../hypervisor/tlfs/status.js';
import type { ChildMachine } from './child-machine.js';

/** One step of a start: it takes its time, and then has its effect. */
export interface StartStep {
  title: string;
  detail?: string;
  durationNs: number;
  act(): HvStatus;
}

/**
 * What makes the partition of an admitted child and starts it: the documented sequence (TLFS virtualization host; TLFS 2.0a
 * §10.1.5), in the words of the architecture. `reservedBesides`: LPs that are reserved by other partitions.
 */
export function startSteps(
  parts: HostParts,
  machine: ChildMachine,
  admission: ChildAdmission,
  reservedBesides: () => number,
): StartStep[] {
  const { costs, log, architecture, model } = parts;
  const { child } = machine;
  const { count, weight } = child.processors;
  const share = architecture.scheduling.share(child.processors, model);
  const words = architecture.start;
  const overheadBytes = machineOverheadBytes(child.memory.startupBytes);
  const startPages = Math.ceil((admission.memoryBytes - overheadBytes) / PAGE_BYTES);
  const overheadPages = Math.max(1, Math.floor(admission.memoryBytes / PAGE_BYTES) - startPages);
  const step = () => costs.get('create-step').charge();
  const partition = (): Partition => machine.partition!;
  return [
    {
      ...words.create,
      durationNs: costs.get('create-partition').charge(),
      act: () => machine.memory.create(admission.node),
    },
    {
      ...words.properties(share, child.processors),
      durationNs: step(),
      act: () =>
        partition().setCpuProperties({
          // Rounded down, so that reserves that were admitted together never exceed the processors.
          reserve: Math.floor(share.reserve * FULL_LP),
          cap: Math.round(share.limit * FULL_LP),
          weight,
        }),
    },
    { ...words.initialize, durationNs: step(), act: () => partition().initialize() },
    {
      ...words.deposit(overheadPages),
      durationNs: step(),
      act: () => partition().deposit(overheadPages),
    },
    ...Array.from({ length: count }, (_, vp) => ({
      ...words.createVp(vp),
      durationNs: step(),
      act: () => partition().createVp(reservedBesides(), parts.lps.lpCount),
    })),
    {
      ...words.map(startPages),
      durationNs: Math.round(((startPages * PAGE_BYTES) / 1024 ** 3) * costs.get('create-map-gigabyte').charge()),
      act: () =>
        machine.returningPages > 0
          ? machine.memory.mapWholeMemory(startPages)
          : machine.memory.mapStartMemory(startPages),
    },
    {
      ...(returnWords(machine) ?? words.run(child)),
      durationNs: step(),
      act: () => {
        if (machine.returningPages > 0) {
          machine.unsuspend(partition());
          return HvStatus.Success;
        }
        if (child.kind === 'legacy') log.record('boot', child.name, 'emulated devices only: IDE, 21140, VGA');
        for (const { title, detail } of architecture.devices.offers(child))
          log.record('vmbus', child.name, title, { detail });
        machine.unsuspend(partition());
        return HvStatus.Success;
      },
    },
  ];
}

/** How the last step is called where no guest boots. */
function returnWords({ saved, returningPages }: ChildMachine): { title: string } | null {
  if (saved.exists) return { title: 'saved state opened' };
  return returningPages > 0 ? { title: 'ready for the memory of a migration' } : null;
}
