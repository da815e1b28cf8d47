/** Who has dynamic memory, and between which bounds. */
import { findGuest } from './catalog/guests.js';
import { findRelease } from './catalog/releases.js';
import type { Child, HostModel } from './host-model.js';

export interface DynamicMemory {
  minimumBytes: number;
  maximumBytes: number;
  /** Extra memory as a percentage of the demand. */
  bufferPercent: number;
  /** 0 to 100. */
  priority: number;
}

/** The bounds of a child whose memory follows its demand on this host; null for all others, which keep what they start with. */
export function dynamicMemoryOf(host: HostModel, child: Child): DynamicMemory | null {
  if (child.memory.kind === 'static' || whyMemoryIsFixed(host, child) !== null) return null;
  const { startupBytes, minimumBytes, maximumBytes, bufferPercent, priority } = child.memory;
  const lowest = releaseOf(host)?.minimumBelowStartup ? minimumBytes : startupBytes;
  return { minimumBytes: lowest, maximumBytes: Math.max(maximumBytes, startupBytes), bufferPercent, priority };
}

/** Why a child that asks for dynamic memory does not get it; null when it does, or does not ask. */
export function whyMemoryIsFixed(host: HostModel, child: Child): string | null {
  if (child.memory.kind === 'static') return null;
  if (host.hypervisor.architecture !== 'hyper-v') return `${host.hypervisor.architecture} has no dynamic memory here`;
  const release = releaseOf(host);
  if (!release?.dynamicMemory) return `${release?.title ?? 'the release'} has no dynamic memory`;
  if (child.boots?.bare) return 'a legacy child has no driver for it';
  if (child.kind === 'machine') return null; // its kernel has the driver, or its balloon stays empty
  if (child.kind !== 'enlightened') return `a ${child.kind} child has no driver for it`;
  if (!findGuest(child.operatingSystem)?.dynamicMemory) return `${child.operatingSystem} is not known to support it`;
  return null;
}

/**
 * The memory a child is given at a start that is not its first, out of `leftBytes`. Where there is less than its startup
 * memory, smart paging (Windows Server 2012 on) lends the rest from a disk, but never below the minimum.
 */
export function restartBytes(host: HostModel, child: Child, leftBytes: number): number {
  const { startupBytes } = child.memory;
  const dynamic = dynamicMemoryOf(host, child);
  if (dynamic === null || !releaseOf(host)?.minimumBelowStartup || leftBytes >= startupBytes) return startupBytes;
  return leftBytes < dynamic.minimumBytes ? startupBytes : leftBytes;
}

function releaseOf({ hypervisor }: HostModel) {
  return hypervisor.release === null ? undefined : findRelease(hypervisor.release);
}
