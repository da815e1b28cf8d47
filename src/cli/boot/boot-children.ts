import type { ConsoleSink } from '../../machine-host/console-output.js';
import type { HostMemory } from '../../machine-host/host-memory.js';
import type { HostNetwork } from '../../machine-host/host-network.js';
import type { HostProcessors } from '../../machine-host/host-processors.js';
import { MachineError } from '../../machine-host/machine-error.js';
import { describeStatus } from '../../machine-host/machine-status.js';
import { describeNeighbours, type Neighbours } from '../../machine-host/neighbours/neighbours.js';
import type { Child } from '../../model/host-model.js';
import type { MachineOutcome } from '../../protocol/machine.js';
import { EXIT, UsageError } from '../exit.js';
import type { Checkpoints } from './checkpoints.js';
import { LinePrefix } from './line-prefix.js';
import { MachineControl } from './machine-control.js';
import type { MonitorHost } from './monitor.js';
import { type Orders, perform } from './perform.js';
import { SHUTDOWN_MS } from './run-machine.js';
import { ScriptRunner } from './script-runner.js';
import { type AttachedTerminal, attachTerminal } from './terminal.js';
import { ThreadedChild, type ThreadedChildOptions } from './threaded-child.js';
import { toStdout } from './to-stdout.js';

export interface BootChildren {
  checkpointsOf(child: Child): Checkpoints;
  children: readonly Child[];
  network: HostNetwork;
  /** The modelled children beside them; null where none is on their switches. */
  neighbours: Neighbours | null;
  processors: HostProcessors;
  memory: HostMemory;
  folder: string;
  /** Lines to type into the shell of some of them, by name. */
  scripts: ReadonlyMap<string, readonly string[]>;
  timeoutMs: number | null;
  verbose: boolean;
}

interface Booted {
  name: string;
  threaded: ThreadedChild;
  /** The status of the last line of its script, null where the child ended before; it has none where this is missing. */
  script?: Promise<number | null>;
}

/**
 * Boots children of one host together, each on a thread of its own. The terminal belongs to the first one without a script,
 * and all end with it; where each has a script, they are shut down when the last script is done. Returns the exit code: of
 * the first script that failed, or EXIT.failed where a child did. Throws UsageError before any of them starts.
 */
export async function bootChildren(options: BootChildren): Promise<number> {
  const { children, scripts, timeoutMs } = options;
  const attached = children.find(({ name }) => !scripts.has(name))?.name;
  const booted: Booted[] = [];
  const stop = stopper(timeoutMs);
  let terminal: AttachedTerminal | null = null;
  const failParent = () => {
    for (const { threaded } of booted) threaded.lose();
  };
  const print: ConsoleSink = (bytes) => (terminal === null ? toStdout(bytes) : terminal.print(bytes));
  try {
    for (const child of children) booted.push(boot(child, options, attached, print));
    const front = booted.find(({ name }) => name === attached)?.threaded;
    if (front !== undefined && attached !== undefined) {
      terminal = attachTerminal(attached, (bytes) => front.type(bytes), {
        perform: performer(front, options, attached, stop.leave, failParent),
        leave: stop.leave,
      });
    }
    const done = front?.ended ?? Promise.all(booted.map(({ script }) => script));
    const why = await Promise.race([done, anyFailure(booted), stop.stopped]);
    if (why === 'timeout') console.error('\nhvhost: the children were turned off because their time was over');
    if (why === 'left' || why === 'timeout') await turnOff(booted);
    else await shutDown(booted);
    return await exitCode(booted, why === 'timeout');
  } finally {
    terminal?.detach();
    stop.clear();
    await turnOff(booted);
  }
}

/** The prompt of the child that has the terminal. What would end the others' run, too, is for a child that is alone. */
function performer(
  front: ThreadedChild,
  options: BootChildren,
  name: string,
  leave: () => void,
  failParent: () => void,
): MonitorHost['perform'] {
  const child = options.children.find((candidate) => candidate.name === name)!;
  const control = new MachineControl(front, options.checkpointsOf(child));
  const orders: Orders = {
    screenshot: () => front.screenshot(),
    guest: () => (front.status === null ? 'nothing is known of the guest yet' : describeStatus(front.status)),
    neighbours: () => describeNeighbours(options.neighbours),
    shutDown: () => {
      front.shutDown();
      return true;
    },
    saved: () => {},
    revert: () => {},
    powerOff: leave,
    failParent,
  };
  return async (command) => {
    const alone = command.word === 'save' || command.word === 'revert';
    if (alone) return { text: `${command.word} needs the child alone: boot it with --child ${name}`, stay: true };
    return perform(command, control, orders);
  };
}

function boot(child: Child, options: BootChildren, attached: string | undefined, print: ConsoleSink): Booted {
  const { name } = child;
  const { network, processors, memory, folder, scripts, verbose } = options;
  const lines = scripts.get(name);
  let runner: ScriptRunner | null = null;
  // Lines of several guests are told apart by name; in between they would garble the screen of an interactive one.
  const shown = attached === undefined || verbose;
  const prefixed = new LinePrefix(name);
  const printed: ConsoleSink = (bytes) => {
    runner?.feed(String.fromCharCode(...bytes));
    if (name === attached) return print(bytes);
    const lines = prefixed.lines(bytes);
    return shown && lines !== '' ? toStdout(lines) : undefined;
  };
  const notice = (text: string, serious: boolean) => {
    if (serious || shown) console.error(`hvhost: ${name}: ${text}`);
  };
  for (const sentence of network.notFollowed(child)) notice(sentence, false);
  const threaded = bootThread({
    child,
    network,
    processors,
    memory,
    folder,
    restarts: lines === undefined,
    verbose,
    printed,
    notice,
  });
  const booted: Booted = { name, threaded };
  if (lines === undefined) return booted;
  const finished = new Promise<number>((resolve) => {
    runner = new ScriptRunner(lines, (text) => threaded.type(new TextEncoder().encode(text)), resolve);
  });
  return { ...booted, script: Promise.race([finished, threaded.ended.then(() => null)]) };
}

function bootThread(options: ThreadedChildOptions): ThreadedChild {
  try {
    return ThreadedChild.boot(options);
  } catch (error) {
    if (error instanceof MachineError) throw new UsageError(error.message);
    throw error;
  }
}

const FAILURES: readonly MachineOutcome['why'][] = [
  'crash',
  'triple fault',
  'emulator failure',
  'refused',
  'reset',
  'parent failed',
];

/** Resolves when a child has failed; never where none does. */
function anyFailure(booted: readonly Booted[]): Promise<MachineOutcome> {
  return new Promise((resolve) => {
    for (const { threaded } of booted) {
      void threaded.ended.then((outcome) => FAILURES.includes(outcome.why) && resolve(outcome));
    }
  });
}

/** Asks the guests to shut down, so that what they have in memory reaches their disks, and waits for them. */
async function shutDown(booted: readonly Booted[]): Promise<void> {
  for (const { threaded } of booted) threaded.shutDown();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, SHUTDOWN_MS);
  });
  await Promise.race([Promise.all(booted.map(({ threaded }) => threaded.ended)), late]);
  clearTimeout(timer);
}

async function turnOff(booted: readonly Booted[]): Promise<void> {
  for (const { threaded } of booted) threaded.turnOff();
  await Promise.all(booted.map(({ threaded }) => threaded.ended));
}

/** Turns off whoever is still there, says what went wrong, and gives the exit code. */
async function exitCode(booted: readonly Booted[], late: boolean): Promise<number> {
  await turnOff(booted);
  let failed = late;
  for (const { name, threaded } of booted) {
    const { why, detail } = await threaded.ended;
    if (!FAILURES.includes(why)) continue;
    failed = true;
    console.error(`\nhvhost: ${name} ended: ${why}${detail === undefined ? '' : `\n${detail}`}`);
  }
  if (failed) return EXIT.failed;
  const statuses = await Promise.all(booted.map(({ script }) => script));
  for (const [index, { name }] of booted.entries()) {
    if (statuses[index] === null) console.error(`\nhvhost: ${name} ended before its script did`);
  }
  const first = statuses.find((status) => status !== undefined && status !== EXIT.fine);
  return first === undefined ? EXIT.fine : (first ?? EXIT.failed);
}

/** Why everything should end although no child has: the user leaves, or the time is over. */
function stopper(timeoutMs: number | null) {
  let timer: NodeJS.Timeout | undefined;
  let leave = () => {};
  const stopped = new Promise<'left' | 'timeout'>((resolve) => {
    leave = () => resolve('left');
    if (timeoutMs !== null) timer = setTimeout(() => resolve('timeout'), timeoutMs);
  });
  process.once('SIGINT', leave);
  process.once('SIGTERM', leave);
  const clear = () => {
    clearTimeout(timer);
    process.off('SIGINT', leave);
    process.off('SIGTERM', leave);
  };
  return { stopped, leave, clear };
}
