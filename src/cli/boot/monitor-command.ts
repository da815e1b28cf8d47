/** What can be asked of a machine while its console is attached. */
export type MonitorCommand =
  | {
      word:
        | 'guest'
        | 'neighbours'
        | 'pause'
        | 'resume'
        | 'checkpoints'
        | 'shut down'
        | 'power off'
        | 'fail parent'
        | 'help';
    }
  | { word: 'save' | 'screenshot'; file: string }
  | { word: 'checkpoint' | 'revert' | 'delete'; name: string };

export const MONITOR_HELP = [
  'guest             what the guest says of itself, and what it has of its memory',
  'neighbours        the modelled children on the same switches, and what went to and from them',
  'pause             the guest and its time stand still until resume',
  'resume            the guest goes on',
  'save FILE         keep the machine in a file and leave; --restore FILE goes on there',
  'screenshot FILE   keep what the guest shows on its screen: a PNG file, or text where it shows characters',
  'checkpoint NAME   keep the machine and its disks as they are now',
  'checkpoints       list what was kept',
  'revert NAME       back to a checkpoint; what came after it is lost',
  'delete NAME       a checkpoint',
  'shut down         ask the guest to shut itself down',
  'power off         pull the plug and leave (Ctrl-] again does the same)',
  'fail parent       the parent crashes: every child of the host goes with it, and its disks keep what was flushed',
  'help              this list; an empty line goes back to the guest',
];

const WITHOUT_ARGUMENT = [
  'guest',
  'neighbours',
  'pause',
  'resume',
  'checkpoints',
  'shut down',
  'power off',
  'fail parent',
  'help',
] as const;
const WITH_FILE = ['save', 'screenshot'] as const;
const WITH_NAME = ['checkpoint', 'revert', 'delete'] as const;

/** A sentence where the line means nothing. */
export function parseMonitorLine(line: string): MonitorCommand | string {
  const text = line.trim().replaceAll(/\s+/g, ' ');
  const alone = WITHOUT_ARGUMENT.find((word) => word === text);
  if (alone !== undefined) return { word: alone };
  const blank = text.indexOf(' ');
  const [first, rest] = blank < 0 ? [text, ''] : [text.slice(0, blank), text.slice(blank + 1)];
  const named = WITH_NAME.find((word) => word === first);
  if (named !== undefined) return rest === '' ? `${first} what? Give it a name` : { word: named, name: rest };
  const written = WITH_FILE.find((word) => word === first);
  if (written !== undefined) return rest === '' ? `${first} where? Name a file` : { word: written, file: rest };
  return `'${text}' is no command; help lists them`;
}
