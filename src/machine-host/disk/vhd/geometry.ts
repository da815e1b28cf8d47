export interface Geometry {
  cylinders: number;
  heads: number;
  sectorsPerTrack: number;
}

const MOST_CYLINDERS = 65535;
const MOST_HEADS = 16;

/** The geometry an old BIOS would be told of a disk, by the rules of the VHD specification's appendix. */
export function geometry(sectors: number): Geometry {
  const all = Math.min(sectors, MOST_CYLINDERS * MOST_HEADS * 255);
  if (all >= MOST_CYLINDERS * MOST_HEADS * 63) return shaped(all, MOST_HEADS, 255);
  const small = shaped(all, Math.max(4, Math.ceil(Math.floor(all / 17) / 1024)), 17);
  if (small.heads <= MOST_HEADS && small.cylinders < 1024) return small;
  const medium = shaped(all, MOST_HEADS, 31);
  return medium.cylinders < 1024 ? medium : shaped(all, MOST_HEADS, 63);
}

function shaped(sectors: number, heads: number, sectorsPerTrack: number): Geometry {
  return { cylinders: Math.floor(Math.floor(sectors / sectorsPerTrack) / heads), heads, sectorsPerTrack };
}
