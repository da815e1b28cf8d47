import type { ConsoleSink } from '../../machine-host/console-output.js';
import { describeLeftOut } from '../../machine-host/event-limit.js';
import type { HostMemory } from '../../machine-host/host-memory.js';
import type { HostNetwork } from '../../machine-host/host-network.js';
import { notFollowed } from '../../machine-host/machine-limits.js';
import { describeStatus, statusOf } from '../../machine-host/machine-status.js';
import { describeNeighbours, type Neighbours } from '../../machine-host/neighbours/neighbours.js';
import type { Child } from '../../model/host-model.js';
import type { HostClock } from '../../runtime/child/cpu-port.js';
import type { MachineEnd } from '../../runtime/child/machine/v86-hooks.js';
import { EXIT } from '../exit.js';
import { Checkpoints } from './checkpoints.js';
import { buildMachine, type Machine, type MachineRequest, type SavedState } from './machine.js';
import { MachineControl } from './machine-control.js';
import { nodeClock } from './node-clock.js';
import { type Orders, perform } from './perform.js';
import { readCheckpoint, readSavedMachine, snapshotOf } from './saved-machine.js';
import { ScriptRunner } from './script-runner.js';
import { attachTerminal } from './terminal.js';
import { toStdout } from './to-stdout.js';

export interface BootChild {
  child: Child;
  network: HostNetwork;
  /** The modelled children beside it; null where none is on its switches. */
  neighbours: Neighbours | null;
  memory: HostMemory;
  folder: string;
  /** Lines to type into the guest's shell; null connects the terminal instead. */
  script: readonly string[] | null;
  timeoutMs: number | null;
  /** A file to keep the machine in where it would be turned off. */
  saveTo: string | null;
  /** A file that was saved to, or the name of a checkpoint, to go on from; null boots. */
  from: { file: string } | { checkpoint: string } | null;
  /** Name of the host, under which checkpoints are kept. */
  host: string;
  verbose: boolean;
}

const KEYS = 'Ctrl-] opens a prompt, Ctrl-] again turns it off and leaves';

/** Ends that the guest has nothing to do with. */
const FROM_OUTSIDE: readonly End['why'][] = ['left', 'script', 'timeout'];

/** How long a guest may take to shut itself down before it is turned off. */
export const SHUTDOWN_MS = 20_000;

/** Why the machine's run is over. */
type End =
  | { why: 'guest'; how: MachineEnd; detail?: string }
  | { why: 'crash'; text: string }
  | { why: 'script'; status: number }
  | { why: 'left' }
  | { why: 'parent failed' }
  | { why: 'saved' }
  | { why: 'not saved'; reason: string }
  | { why: 'revert'; name: string }
  | { why: 'timeout' };

/**
 * Boots a child or goes on with a saved one, again whenever it restarts or is reverted, until it ends; returns the exit
 * code. Throws UsageError or MachineError with what is missing or wrong.
 */
export async function bootChild(options: BootChild): Promise<number> {
  const { child, network, script, timeoutMs } = options;
  for (const sentence of [...notFollowed(child), ...network.notFollowed(child)])
    console.error(`hvhost: ${child.name}: ${sentence}`);
  const deadline = timeoutMs === null ? null : performance.now() + timeoutMs;
  const clock = nodeClock();
  let state = await stateToGoOnFrom(options);
  for (;;) {
    const end = await runOnce(options, clock, state, deadline);
    if (end.why === 'revert') {
      state = await revert(options, end.name);
      continue;
    }
    const restarts = script === null && end.why === 'guest' && end.how === 'reset';
    if (!restarts) return exitCode(end, options);
    if (deadline !== null && performance.now() >= deadline) return exitCode({ why: 'timeout' }, options);
    console.error(`hvhost: ${child.name} restarts\r`);
    state = null;
  }
}

async function stateToGoOnFrom(options: BootChild): Promise<SavedState | null> {
  const { child, folder, from } = options;
  if (from === null) return null;
  return 'file' in from ? readSavedMachine(from.file, child, folder) : revert(options, from.checkpoint);
}

/** Puts the disks back and reads the machine that goes with them. Throws MachineError before it touches a disk. */
async function revert(options: BootChild, name: string): Promise<SavedState> {
  const checkpoints = checkpointsOf(options);
  const state = await readCheckpoint(await checkpoints.snapshot(name), options.child);
  await checkpoints.restoreDisks(name);
  return () => Promise.resolve(state);
}

function checkpointsOf({ child, folder, host }: BootChild): Checkpoints {
  return new Checkpoints(folder, host, child);
}

async function runOnce(
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

  const stoppable = {
    freeze: () => machine.freeze(),
    pause: () => machine.child.pause(),
    resume: () => machine.child.resume(),
    snapshot: () => snapshotOf(machine, child, folder),
  };
  const seat = memory.join(child, (pages) => machine.memory?.assign(pages));
  const control = new MachineControl(stoppable, checkpointsOf(options));
  const ports = machine.networks.map((adapter, index) => {
    const port = network.plug(child, index, () => adapter.wake());
    adapter.plug(port);
    return port;
  });
  const send = (bytes: Uint8Array) => machine.child.sendConsole(bytes);
  let detach = () => {};
  if (script === null) {
    const leave = () => ends.happen({ why: 'left' });
    const orders: Orders = {
      screenshot: async () => machine.screen.frame(true),
      guest: () => describeStatus(statusOf(machine)),
      neighbours: () => describeNeighbours(options.neighbours),
      shutDown: () => machine.shutdown.request(),
      saved: () => ends.happen({ why: 'saved' }),
      revert: (name) => ends.happen({ why: 'revert', name }),
      powerOff: leave,
      failParent: () => ends.happen({ why: 'parent failed' }),
    };
    const terminal = attachTerminal(child.name, send, { perform: (word) => perform(word, control, orders), leave });
    print = terminal.print;
    detach = terminal.detach;
    if (process.stdin.isTTY) console.error(`hvhost: ${child.name} ${state === null ? 'starts' : 'goes on'}; ${KEYS}\r`);
  } else {
    const type = (text: string) => send(new TextEncoder().encode(text));
    const runner = new ScriptRunner(script, type, (status) => ends.happen({ why: 'script', status }));
    if (state !== null) runner.shellIsThere();
    print = (bytes) => {
      runner.feed(String.fromCharCode(...bytes));
      return toStdout(bytes);
    };
  }
  const timer =
    deadline === null ? undefined : setTimeout(() => ends.happen({ why: 'timeout' }), deadline - performance.now());
  const interrupt = () => ends.happen({ why: 'left' });
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);

  /** With its parent: nobody is there any more who would close its disks. */
  let isLost = false;
  try {
    await (state === null ? machine.child.start() : machine.child.resume());
    const end = await ends.first;
    if (options.saveTo !== null && FROM_OUTSIDE.includes(end.why)) return await saved(control, options.saveTo, end);
    if (end.why === 'script') await shutDown(machine, ends);
    isLost = end.why === 'parent failed';
    return end;
  } finally {
    clearTimeout(timer);
    detach();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await (isLost ? machine.child.turnOff() : machine.close());
    seat.leave();
    for (const port of ports) port.unplug();
  }
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

function exitCode(end: End, { child, script, saveTo }: BootChild): number {
  switch (end.why) {
    case 'script':
      return end.status;
    case 'left':
    case 'saved':
    case 'revert':
      return EXIT.fine;
    case 'not saved':
      console.error(`\nhvhost: ${child.name} was turned off and could not be saved: ${end.reason}`);
      return EXIT.failed;
    case 'timeout':
      if (saveTo !== null) return EXIT.fine;
      console.error(`\nhvhost: ${child.name} was turned off because its time was over`);
      return EXIT.failed;
    case 'parent failed':
      console.error(`\nhvhost: ${child.name} ended: parent failed`);
      return EXIT.failed;
    case 'crash':
      console.error(`\nhvhost: ${child.name} crashed\n${end.text.trim()}`);
      return EXIT.failed;
    case 'guest':
      if (end.how === 'power off' && script === null) return EXIT.fine;
      console.error(`\nhvhost: ${child.name} ended: ${end.how}${script === null ? '' : ', before the script did'}`);
      if (end.detail !== undefined) console.error(end.detail);
      return EXIT.failed;
  }
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
