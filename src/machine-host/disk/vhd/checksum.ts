/** The checksum of VHD structures: all bytes but its own four, summed up and complemented. */
export function checksum(structure: Uint8Array, at: number): number {
  let sum = 0;
  for (let index = 0; index < structure.length; index++) {
    if (index < at || index >= at + 4) sum += structure[index]!;
  }
  return ~sum >>> 0;
}
