import type { BootCommand, MachineCommand, MachineMessage, MachineOutcome } from '../protocol/machine.js';
import type { HostClock } from '../runtime/child/cpu-port.js';
import { buffersOf, CableEnd } from './cable.js';
import { describeLeftOut } from './event-limit.js';
import { buildMachine, type Machine, type MachineRequest } from './machine.js';
import { MachineError } from './machine-error.js';
import { notFollowed } from './machine-limits.js';
import { statusOf } from './machine-status.js';
import { noFiles, type OpenDisk, ServedDisks } from './served-disks.js';
import { ServedScreen } from './served-screen.js';
import { notRunning, readStart, ServedStops, type StopCommand } from './served-stops.js';
import { wallClock } from './wall-clock.js';

const STATUS_MS = 1000;

/** Where commands come from and messages go to: a worker's port, or a test. */
export interface MachinePort {
  send(message: MachineMessage, transfer?: ArrayBuffer[]): void;
  onCommand(listener: (command: MachineCommand) => void): void;
}

/** Serves one child on a thread of its own; `openDisk` where the thread can open files. */
export function serveMachine(port: MachinePort, openDisk: OpenDisk = noFiles, clock: HostClock = wallClock): void {
  let child: ServedChild | null = null;
  port.onCommand((command) => {
    if (command.type !== 'boot') child?.obey(command);
    else if (child === null) {
      child = new ServedChild(port, command, openDisk, clock);
      void child.live();
    }
  });
}

class ServedChild {
  private readonly cables: CableEnd[];
  private readonly saves = new Map<number, (error: string | null) => void>();
  private machine: Machine | null = null;
  private stops: ServedStops | null = null;
  /** Those that came before there was a machine. */
  private stopsAhead: StopCommand[] = [];
  private screen: ServedScreen | null = null;
  private watched = false;
  private turnedOff = false;
  /** What the others leave it of a processor. */
  private granted = 1;
  /** Keys that came before there was a machine. */
  private typedAhead: Uint8Array[] = [];
  private end: (end: MachineOutcome) => void = () => {};
  private consoleTaken: () => void = () => {};

  constructor(
    private readonly port: MachinePort,
    private readonly boot: BootCommand,
    private readonly openDisk: OpenDisk,
    private readonly clock: HostClock,
  ) {
    this.cables = boot.adapters.map(
      (_, adapter) =>
        new CableEnd(
          adapter,
          (message) => port.send(message, buffersOf(message)),
          () => this.machine?.networks[adapter]?.wake(),
        ),
    );
  }

  /** Boots the child, again whenever it restarts, until it ends; keeps its disks; says how it ended. */
  async live(): Promise<void> {
    const outcome = await this.withDisks().catch(asOutcome);
    for (const command of this.stopsAhead.splice(0)) notRunning(this.port, command);
    this.port.send({ type: 'ended', outcome });
  }

  obey(command: Exclude<MachineCommand, BootCommand>): void {
    switch (command.type) {
      case 'type':
        if (this.machine) this.machine.child.sendConsole(command.bytes);
        else this.typedAhead.push(command.bytes);
        break;
      case 'console taken':
        this.consoleTaken();
        break;
      case 'turn off':
        this.turnedOff = true;
        this.end({ why: 'turned off' });
        break;
      case 'freeze':
      case 'pause':
      case 'resume':
      case 'snapshot':
        if (this.stops === null) this.stopsAhead.push(command);
        else void this.stops.obey(command);
        break;
      case 'share':
        this.granted = command.share;
        this.machine?.share.grant(command.share);
        break;
      case 'key':
        this.machine?.type(command.keystroke);
        break;
      case 'watch screen':
        this.watched = command.on;
        this.screen?.watch(command.on);
        break;
      case 'screenshot':
        this.port.send({ type: 'screenshot', frame: this.machine?.screen.frame(true) ?? null });
        break;
      case 'assign memory':
        this.machine?.memory?.assign(command.pages);
        break;
      case 'shut down':
        this.machine?.shutdown.request();
        break;
      case 'frames':
      case 'frames taken':
        this.cables[command.adapter]?.hear(command);
        break;
      case 'saved':
        this.saves.get(command.disk)?.(command.error);
        break;
    }
  }

  private async withDisks(): Promise<MachineOutcome> {
    const save = (disk: number, content: Uint8Array<ArrayBuffer>) => this.save(disk, content);
    const disks = await ServedDisks.open(this.boot, this.openDisk, save);
    try {
      const outcome = await this.runs(disks).catch(asOutcome);
      if (outcome.why !== 'refused') await disks.keep((file, error) => this.lost(file, error));
      return outcome;
    } finally {
      await disks.close();
    }
  }

  private async runs(disks: ServedDisks): Promise<MachineOutcome> {
    const { child } = this.boot;
    for (const sentence of notFollowed(child)) this.notice(sentence);
    for (;;) {
      const end = await this.run(disks);
      if (end.why !== 'reset' || !this.boot.restarts || 'snapshot' in this.boot.start) return end;
      this.notice(`${child.name} restarts`);
    }
  }

  private async run(disks: ServedDisks): Promise<MachineOutcome> {
    if (this.turnedOff) return { why: 'turned off' };
    const ended = new Promise<MachineOutcome>((resolve) => {
      this.end = resolve;
    });
    const { child, wasm, start } = this.boot;
    const machine = await buildMachine({
      child,
      wasm,
      start: 'snapshot' in start ? { state: () => readStart(start.snapshot, child, disks) } : start,
      stores: disks.stores,
      adapters: this.boot.adapters,
      clock: this.clock,
      console: (bytes) => this.print(bytes),
      report: (event) => this.hear(event),
      shutdownAnswered: () => {},
      guestTold: (values) => this.told(values),
      used: (use) => this.port.send({ type: 'used', ...use }),
    });
    this.machine = machine;
    this.screen = new ServedScreen(machine.screen, this.port);
    this.screen.watch(this.watched);
    machine.share.grant(this.granted);
    this.stops = new ServedStops(machine, child, disks, this.port);
    for (const [adapter, network] of machine.networks.entries()) network.plug(this.cables[adapter]!);
    const telling = setInterval(() => this.port.send({ type: 'status', status: statusOf(machine) }), STATUS_MS);
    try {
      await ('snapshot' in start ? machine.child.resume() : machine.child.start());
      for (const bytes of this.typedAhead.splice(0)) machine.child.sendConsole(bytes);
      for (const command of this.stopsAhead.splice(0)) void this.stops.obey(command);
      return await ended;
    } finally {
      clearInterval(telling);
      this.screen.watch(false);
      this.screen = null;
      this.machine = null;
      this.stops = null;
      await machine.turnOff();
    }
  }

  private hear(event: Parameters<MachineRequest['report']>[0]): void {
    switch (event.type) {
      case 'ended':
        this.end({ why: event.how, detail: event.detail });
        break;
      case 'guest crashed':
        this.end({ why: 'crash', detail: event.report.text.trim() });
        break;
      case 'disk failed':
        this.notice(`disk ${event.disk}: ${messageOf(event.error)}`, true);
        break;
      case 'channel broken':
        this.notice(`the channel of the ${event.device} broke: ${event.reason}`, true);
        break;
      case 'events left out':
        this.notice(describeLeftOut(event));
        break;
      default:
        if (this.boot.verbose) this.notice(Object.values(event).join(' '));
    }
  }

  private print(bytes: Uint8Array): Promise<void> {
    this.port.send({ type: 'console', bytes });
    return new Promise((taken) => {
      this.consoleTaken = taken;
    });
  }

  private told(values: ReadonlyMap<string, string>): void {
    if (!this.boot.verbose) return;
    for (const [key, value] of values) this.notice(`guest: ${key} ${value}`);
  }

  private save(disk: number, content: Uint8Array<ArrayBuffer>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.saves.set(disk, (error) => (error === null ? resolve() : reject(new Error(error))));
      this.port.send({ type: 'save', disk, content }, [content.buffer]);
    });
  }

  private lost(file: string, error: unknown): void {
    this.notice(`${file}: what was written since its last flush is lost (${messageOf(error)})`, true);
  }

  private notice(text: string, serious = false): void {
    this.port.send({ type: 'notice', text, serious });
  }
}

function asOutcome(error: unknown): MachineOutcome {
  if (error instanceof MachineError) return { why: 'refused', detail: error.message };
  return { why: 'emulator failure', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
