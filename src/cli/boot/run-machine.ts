import type { ConsoleSink } from '../../machine-host/console-output.js';
import { describeLeftOut } from '../../machine-host/event-limit.js';
import { describeStatus, statusOf } from '../../machine-host/machine-status.js';
import { describeNeighbours } from '../../machine-host/neighbours/neighbours.js';
import type { HostClock } from '../../runtime/child/cpu-port.js';
import type { MachineEnd } from '../../runtime/child/machine/v86-hooks.js';
import type { BootChild } from './boot-child.js';
import { buildMachine, type Machine, type MachineRequest, type SavedState } from './machine.js';
import { MachineControl } from './machine-control.js';
import { type Orders, perform } from './perform.js';
import { snapshotOf } from './saved-machine.js';
import { ScriptRunner } from './script-runner.js';
import { type AttachedTerminal, attachTerminal } from './terminal.js';
import { toStdout } from './to-stdout.js';

const KEYS = 'Ctrl-] opens a prompt, Ctrl-] again turns it off and leaves';

/** Ends that the guest has nothing to do with. */
const FROM_OUTSIDE: readonly End['why'][] = ['left', 'script', 'timeout'];

/** How long a guest may take to shut itself down before it is turned off: on a slow computer a whole distribution needs most of it. */
export const SHUTDOWN_MS = 60_000;

/** Why the machine's run is over. */
export type End =
  | { why: 'guest'; how: MachineEnd; detail?: string }
  | { why: 'crash'; text: string }
  | { why: 'script'; status: number }
  | { why: 'left' }
  | { why: 'parent failed' }
  | { why: 'saved' }
  | { why: 'not saved'; reason: string }
  | { why: 'revert'; name: string }
  | { why: 'timeout' };

/** Runs a machine once, from its kernel or from a saved state, until something ends that. `deadline`: of `performance.now`. */
export async function runMachine(
  options: BootChild,
  clock: HostClock,
  state: SavedState | null,
  deadline: number | null,
): Promise<End> {
  const { child, folder, network, memory, script, verbose } = options;
  const ends = oneOf<End>();
  let print: ConsoleSink = toStdout;
  const machine = await buildMachine({
    child,
    folder,
    state,
    adapters: network.adapters(child),
    clock,
    console: (bytes) => print(bytes),
    report: (event) => {
      if (event.type === 'ended') ends.happen({ why: 'guest', how: event.how, detail: event.detail });
      else if (event.type === 'guest crashed') ends.happen({ why: 'crash', text: event.report.text });
      else tell(event, verbose);
    },
    shutdownAnswered: (answer) => {
      if (answer === 'refused') console.error('hvhost: the guest refused to shut down');
    },
    guestTold: (values) => {
      if (verbose) for (const [key, value] of values) console.error(`hvhost: guest: ${key} ${value}`);
    },
    memoryUsed: (use) => seat.hear(use),
  });

  const seat = memory.join(child, (pages) => machine.memory?.assign(pages));
  const control = controlOf(machine, options);
  const ports = machine.networks.map((adapter, index) => {
    const port = network.plug(child, index, () => adapter.wake());
    adapter.plug(port);
    return port;
  });
  const goesOn = state !== null;
  const attached =
    script === null
      ? connectTerminal(machine, control, options, ends, goesOn)
      : typeScript(machine, script, ends, goesOn);
  print = attached.print;
  const clear = endFromOutside(deadline, ends);
  /** With its parent: nobody is there any more who would close its disks. */
  let isLost = false;
  try {
    await (goesOn ? machine.child.resume() : machine.child.start());
    const end = await ends.first;
    if (options.saveTo !== null && FROM_OUTSIDE.includes(end.why)) return await saved(control, options.saveTo, end);
    if (end.why === 'script') await shutDown(machine, ends);
    isLost = end.why === 'parent failed';
    return end;
  } finally {
    clear();
    attached.detach();
    await (isLost ? machine.child.turnOff() : machine.close());
    seat.leave();
    for (const port of ports) port.unplug();
  }
}

function controlOf(machine: Machine, { child, folder, checkpointsOf }: BootChild): MachineControl {
  const stoppable = {
    freeze: () => machine.freeze(),
    pause: () => machine.child.pause(),
    resume: () => machine.child.resume(),
    snapshot: () => snapshotOf(machine, child, folder),
  };
  return new MachineControl(stoppable, checkpointsOf(child));
}

function connectTerminal(
  machine: Machine,
  control: MachineControl,
  { child, neighbours }: BootChild,
  ends: Ends<End>,
  goesOn: boolean,
): AttachedTerminal {
  const leave = () => ends.happen({ why: 'left' });
  const orders: Orders = {
    screenshot: async () => machine.screen.frame(true),
    guest: () => describeStatus(statusOf(machine)),
    neighbours: () => describeNeighbours(neighbours),
    shutDown: () => machine.shutdown.request(),
    saved: () => ends.happen({ why: 'saved' }),
    revert: (name) => ends.happen({ why: 'revert', name }),
    powerOff: leave,
    failParent: () => ends.happen({ why: 'parent failed' }),
  };
  const send = (bytes: Uint8Array) => machine.child.sendConsole(bytes);
  const terminal = attachTerminal(child.name, send, { perform: (word) => perform(word, control, orders), leave });
  if (process.stdin.isTTY) console.error(`hvhost: ${child.name} ${goesOn ? 'goes on' : 'starts'}; ${KEYS}\r`);
  return terminal;
}

function typeScript(machine: Machine, lines: readonly string[], ends: Ends<End>, goesOn: boolean): AttachedTerminal {
  const type = (text: string) => machine.child.sendConsole(new TextEncoder().encode(text));
  const runner = new ScriptRunner(lines, type, (status) => ends.happen({ why: 'script', status }));
  if (goesOn) runner.shellIsThere();
  const print = (bytes: Uint8Array) => {
    runner.feed(String.fromCharCode(...bytes));
    return toStdout(bytes);
  };
  return { print, detach: () => {} };
}

/** The time is over, or the user leaves; until the function that it returns is called. */
function endFromOutside(deadline: number | null, ends: Ends<End>): () => void {
  const late = () => ends.happen({ why: 'timeout' });
  const timer = deadline === null ? undefined : setTimeout(late, deadline - performance.now());
  const interrupt = () => ends.happen({ why: 'left' });
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  return () => {
    clearTimeout(timer);
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
}

async function saved(control: MachineControl, file: string, end: End): Promise<End> {
  try {
    await control.save(file);
    return end;
  } catch (error) {
    return { why: 'not saved', reason: (error as Error).message };
  }
}

/** Asks the guest to shut down, so that what it has in memory reaches its disks, and waits for it. */
async function shutDown(machine: Machine, ends: Ends<End>): Promise<void> {
  if (!machine.shutdown.request()) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      console.error('hvhost: the guest did not shut down in time and is turned off');
      resolve();
    }, SHUTDOWN_MS);
  });
  await Promise.race([ends.next(), late]);
  clearTimeout(timer);
}

/** What a user needs to know always; the rest when they ask. */
function tell(event: Parameters<MachineRequest['report']>[0], verbose: boolean): void {
  if (event.type === 'disk failed') {
    console.error(`hvhost: disk ${event.disk}: ${(event.error as Error).message}`);
  } else if (event.type === 'channel broken') {
    console.error(`hvhost: the channel of the ${event.device} broke: ${event.reason}`);
  } else if (event.type === 'events left out') {
    console.error(`hvhost: ${describeLeftOut(event)}`);
  } else if (verbose) {
    const { type, ...details } = event;
    console.error(`hvhost: ${type} ${Object.values(details).join(', ')}`);
  }
}

interface Ends<T> {
  first: Promise<T>;
  /** The next thing that happens after now. */
  next(): Promise<T>;
  happen(value: T): void;
}

function oneOf<T>(): Ends<T> {
  let waiting: ((value: T) => void)[] = [];
  const next = () => new Promise<T>((resolve) => waiting.push(resolve));
  const happen = (value: T) => {
    const told = waiting;
    waiting = [];
    for (const resolve of told) resolve(value);
  };
  return { first: next(), next, happen };
}
