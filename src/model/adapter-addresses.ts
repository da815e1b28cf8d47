import { ADAPTER_ADDRESSES } from './catalog/internal-networks.js';
import type { HostModel } from './host-model.js';

/** Places for the parent's own adapters, one on each of so many internal switches. */
export const PARENT_ADAPTERS = 64;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The Ethernet address, as a number of 48 bits, of an adapter of a child, counted from 0. Adapters of one host differ, and
 * two hosts most likely do; the same definition gives the same addresses. Throws RangeError where there is no such adapter.
 */
export function adapterAddress(host: HostModel, child: string, adapter: number): number {
  let index = adapter + PARENT_ADAPTERS;
  for (const { name, nics } of host.children) {
    if (name === child) {
      if (nics[adapter] === undefined) throw new RangeError(`${child} has no adapter ${adapter}`);
      return addressAt(host, index);
    }
    index += nics.length;
  }
  throw new RangeError(`${host.name} has no child ${child}`);
}

/** The address of the parent's own adapter on the internal switch of that index. Throws RangeError beyond the last place. */
export function parentAddress(host: HostModel, internalSwitch: number): number {
  if (internalSwitch >= PARENT_ADAPTERS) throw new RangeError(`a parent has at most ${PARENT_ADAPTERS} adapters`);
  return addressAt(host, internalSwitch);
}

function addressAt(host: HostModel, index: number): number {
  return ADAPTER_ADDRESSES.prefix * 0x1000000 + ((hostPart(host.name) + index) & 0xffffff);
}

/** Hyper-V takes two bytes of the host's IP address here; a definition has none, so that its name stands in. */
function hostPart(name: string): number {
  let hash = FNV_OFFSET;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), FNV_PRIME) >>> 0;
  return (hash & 0xffff) << 8;
}
