import type { HostModel, VirtualNic, VirtualSwitch } from '../../../model/host-model.js';

/** What an adapter without a reserve gets of a wire that is reserved altogether, as a part of its rate. */
const LEAST_SHARE = 0.01;

/**
 * The weights by which the adapters on a switch share the wire behind it; null where no adapter asks for a minimum. With
 * reserves they are bits per second, and who reserves nothing shares what is left equally.
 */
export function minimumBandwidths(
  model: HostModel,
  { name }: VirtualSwitch,
  bitsPerSecond: number,
  usualWeight: number,
): ((nic: VirtualNic) => number) | null {
  const nics = model.children.flatMap((child) => child.nics.filter((nic) => nic.switch === name));
  const reserved = nics.flatMap(({ bandwidth }) => bandwidth?.reserveBitsPerSecond ?? []);
  if (reserved.length > 0) {
    const left = bitsPerSecond - reserved.reduce((sum, bits) => sum + bits, 0);
    const others = Math.max(left, LEAST_SHARE * bitsPerSecond) / Math.max(1, nics.length - reserved.length);
    return ({ bandwidth }) => bandwidth?.reserveBitsPerSecond ?? others;
  }
  if (nics.every(({ bandwidth }) => bandwidth?.weight === undefined)) return null;
  return ({ bandwidth }) => bandwidth?.weight ?? Math.max(1, usualWeight);
}
