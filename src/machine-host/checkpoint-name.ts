/** A checkpoint's name is a folder's name on every system: letters, digits, and within it blank, dot, minus, underscore. */
const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}_-])?$/u;
/** Names that Windows keeps for devices, whatever follows a dot. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** What is wrong with the name, or null. */
export function whyNoCheckpointName(name: string): string | null {
  if (NAME.test(name) && !RESERVED.test(name)) return null;
  return `'${name}' cannot name a checkpoint: use up to 64 letters, digits, blanks, dots, minus and underscore`;
}

/** Whose machine is kept: definitions beside each other may have a host and a child of the same names. */
export interface Keeper {
  /** The file's name. */
  definition: string;
  host: string;
  child: string;
}

/** Where the checkpoints of a child lie, from the folder of its definition on. */
export function checkpointFolder({ definition, host, child }: Keeper): string[] {
  return ['.hvhost', definition, 'checkpoints', `${host}.${child}`];
}

/** Where an editor keeps a child that was saved, from the folder of its definition on. */
export function savedFile({ definition, host, child }: Keeper): string[] {
  return ['.hvhost', definition, 'saved', `${host}.${child}.hvsnap`];
}

/** In the folder of one checkpoint. */
export const CHECKPOINT_FILES = {
  snapshot: 'machine.hvsnap',
  disk: (index: number) => `disk-${index}`,
} as const;

/** Behind the name of a folder that is still being filled; it is no checkpoint. */
export const UNFINISHED = '.unfinished';
