import type { Hardware, Processor } from '../../model/host-model.js';
import { documentationOf } from '../documentation.js';
import type { HardwareDeclaration, PhysicalProcessor } from '../generated/ast.js';
import { quantityValue } from '../quantity.js';

/** What is not said: one socket, one core, one thread, 2 GHz, everything switched on, one node, rotational disks. */
const HARDWARE_DEFAULTS = { frequencyHz: 2e9, memoryBytes: 8 * 1024 ** 3 };

export function lowerHardware(declaration: HardwareDeclaration): Hardware {
  return {
    name: declaration.name,
    title: declaration.title ?? declaration.name,
    documentation: documentationOf(declaration),
    processor: lowerProcessor(declaration.processor),
    memory: {
      bytes: quantityValue(declaration.memory?.size, HARDWARE_DEFAULTS.memoryBytes),
      ecc: declaration.memory?.ecc ?? false,
      numaNodes: quantityValue(declaration.memory?.nodes, 1),
    },
    disks: declaration.disks.map((disk) => ({
      name: disk.name,
      title: disk.title ?? disk.name,
      bytes: quantityValue(disk.size),
      medium: disk.medium ?? 'rotational',
      ...(disk.volatileCache && { volatileCache: true as const }),
      ...(disk.shared && { shared: true as const }),
    })),
    nics: declaration.nics.map((nic) => ({
      name: nic.name,
      title: nic.title ?? nic.name,
      bitsPerSecond: quantityValue(nic.speed),
      ...(nic.functions && { virtualFunctions: quantityValue(nic.functions) }),
    })),
    displays: declaration.displays.map(({ title }) => ({ title })),
    management: declaration.management.map(({ title }) => ({ title })),
  };
}

function lowerProcessor(processor: PhysicalProcessor | undefined): Processor {
  return {
    title: processor?.title ?? 'x86-64 processor',
    sockets: quantityValue(processor?.sockets, 1),
    coresPerSocket: quantityValue(processor?.cores, 1),
    threadsPerCore: quantityValue(processor?.threads, 1),
    frequencyHz: quantityValue(processor?.frequency, HARDWARE_DEFAULTS.frequencyHz),
    virtualization: processor?.virtualization !== 'off',
    dep: processor?.dep !== 'off',
    slat: processor?.slat !== 'off',
  };
}
