import type { HostNetwork } from '../../machine-host/host-network.js';
import { notFollowed } from '../../machine-host/machine-limits.js';
import { wallClock } from '../../machine-host/platform.js';
import type { Child } from '../../model/host-model.js';
import type { MachineEnd } from '../../runtime/child/machine/v86-hooks.js';
import { EXIT } from '../exit.js';
import { buildMachine, type Machine, type MachineRequest } from './machine.js';
import { ScriptRunner } from './script-runner.js';
import { attachTerminal } from './terminal.js';

export interface BootChild {
  child: Child;
  network: HostNetwork;
  folder: string;
  /** Lines to type into the guest's shell; null connects the terminal instead. */
  script: readonly string[] | null;
  timeoutMs: number | null;
  verbose: boolean;
}

/** How long a guest may take to shut itself down before it is turned off. */
export const SHUTDOWN_MS = 20_000;

/** Why the machine's run is over. */
type End =
  | { why: 'guest'; how: MachineEnd; detail?: string }
  | { why: 'crash'; text: string }
  | { why: 'script'; status: number }
  | { why: 'left' }
  | { why: 'timeout' };

/** Boots a child, again whenever it restarts, until it ends; returns the exit code. Throws UsageError before it starts. */
export async function bootChild(options: BootChild): Promise<number> {
  const { child, script, timeoutMs } = options;
  for (const sentence of notFollowed(child)) console.error(`hvhost: ${child.name}: ${sentence}`);
  const deadline = timeoutMs === null ? null : performance.now() + timeoutMs;
  for (;;) {
    const end = await runOnce(options, deadline);
    const restarts = script === null && end.why === 'guest' && end.how === 'reset';
    if (!restarts) return exitCode(end, options);
    if (deadline !== null && performance.now() >= deadline) return exitCode({ why: 'timeout' }, options);
    console.error(`hvhost: ${child.name} restarts\r`);
  }
}

async function runOnce(options: BootChild, deadline: number | null): Promise<End> {
  const { child, network, script, verbose } = options;
  const ends = oneOf<End>();
  let runner: ScriptRunner | null = null;

  const machine = await buildMachine({
    child,
    folder: options.folder,
    adapters: network.adapters(child),
    clock: wallClock,
    console: (bytes) => {
      process.stdout.write(bytes);
      runner?.feed(String.fromCharCode(...bytes));
    },
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
  });

  const ports = machine.networks.map((adapter, index) => {
    const port = network.plug(child, index, () => adapter.wake());
    adapter.plug(port);
    return port;
  });
  const send = (bytes: Uint8Array) => machine.child.sendConsole(bytes);
  let detach = () => {};
  if (script === null) {
    detach = attachTerminal(send, () => ends.happen({ why: 'left' }));
    if (process.stdin.isTTY) console.error(`hvhost: ${child.name} starts; Ctrl-] turns it off and leaves\r`);
  } else {
    const type = (text: string) => send(new TextEncoder().encode(text));
    runner = new ScriptRunner(script, type, (status) => ends.happen({ why: 'script', status }));
  }
  const timer =
    deadline === null ? undefined : setTimeout(() => ends.happen({ why: 'timeout' }), deadline - performance.now());
  const interrupt = () => ends.happen({ why: 'left' });
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);

  try {
    await machine.child.start();
    const end = await ends.first;
    if (end.why === 'script') await shutDown(machine, ends);
    return end;
  } finally {
    clearTimeout(timer);
    detach();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await machine.close();
    for (const port of ports) port.unplug();
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

function exitCode(end: End, { child, script }: BootChild): number {
  switch (end.why) {
    case 'script':
      return end.status;
    case 'left':
      return EXIT.fine;
    case 'timeout':
      console.error(`\nhvhost: ${child.name} was turned off because its time was over`);
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
