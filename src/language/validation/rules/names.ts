import type { Rule } from './rule.js';

/** Names and imports. */
export const NAME_RULES = {
  HV101: {
    severity: 'error',
    title: 'The name is not known here',
    why: 'Names of a file are visible in it and in files that import it; disks and network adapters are those of the hardware of the host, switches and children those of the host.',
    remedy: 'Correct the name, declare it, or import the file that does.',
  },
  HV102: {
    severity: 'error',
    title: 'The name is taken',
    why: 'Two things of one kind with one name cannot be told apart.',
    remedy: 'Rename one of them.',
  },
  HV103: {
    severity: 'error',
    title: 'Said twice',
    why: 'The statement may stand once in its block; only one of the two could count.',
    remedy: 'Remove one of them.',
  },
  HV104: {
    severity: 'error',
    title: 'The name means something else in scenarios',
    why: 'In a scenario, `all` is every child and `parent` is the parent partition.',
    remedy: 'Give the child another name.',
  },
  HV110: {
    severity: 'error',
    title: 'The imported file cannot be read',
    why: 'There is no such file, seen from the folder of the file that imports it.',
    remedy: 'Correct the path, or create the file.',
  },
  HV111: {
    severity: 'error',
    title: 'The import closes a circle',
    why: 'A file that imports itself through others has no beginning.',
    remedy: 'Move what both files need into a third one.',
  },
  HV112: {
    severity: 'error',
    title: 'The import is not a .hvhost file',
    why: 'Only definitions can be imported.',
    remedy: 'Write the relative path of a `.hvhost` file.',
  },
  HV113: {
    severity: 'warning',
    title: 'Two imports declare the same name',
    why: 'The name means what the first of them declares; with the imports the other way round it would mean something else.',
    remedy: 'Rename one of the two, or import only one of the files.',
  },
} as const satisfies Record<string, Rule>;
