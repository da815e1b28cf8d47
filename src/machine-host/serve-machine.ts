import type { BootCommand, MachineCommand, MachineMessage, MachineOutcome } from '../protocol/machine.js';
import type { DiskImage } from './disk/disk-image.js';
import { LARGEST_MEMORY_DISK, MemoryFile } from './disk/memory-file.js';
import { SavedFile } from './disk/saved-file.js';
import { openVirtualDisk } from './disk/virtual-disk.js';
import { buildMachine, type Machine, type MachineRequest } from './machine.js';
import { MachineError } from './machine-error.js';
import { notFollowed } from './machine-limits.js';
import { wallClock } from './platform.js';

/** Where commands come from and messages go to: a worker's port, or a test. */
export interface MachinePort {
  send(message: MachineMessage, transfer?: ArrayBuffer[]): void;
  onCommand(listener: (command: MachineCommand) => void): void;
}

/** Serves one child on a thread of its own. */
export function serveMachine(port: MachinePort): void {
  let child: ServedChild | null = null;
  port.onCommand((command) => {
    if (command.type !== 'boot') child?.obey(command);
    else if (child === null) {
      child = new ServedChild(port, command);
      void child.live();
    }
  });
}

/** What one run ends with; a reset is followed by the next. */
type End = MachineOutcome | { why: 'reset' };

class ServedChild {
  private disks: DiskImage[] = [];
  private readonly saves = new Map<number, (error: string | null) => void>();
  private machine: Machine | null = null;
  private turnedOff = false;
  /** Keys that came before there was a machine. */
  private typedAhead: Uint8Array[] = [];
  private end: (end: End) => void = () => {};

  constructor(
    private readonly port: MachinePort,
    private readonly boot: BootCommand,
  ) {}

  /** Boots the child, again whenever it restarts, until it ends; keeps its disks; says how it ended. */
  async live(): Promise<void> {
    const outcome = await this.openDisks()
      .then(() => this.runs())
      .catch(asOutcome);
    if (outcome.why !== 'refused') await this.keepDisks();
    this.port.send({ type: 'ended', outcome });
  }

  obey(command: Exclude<MachineCommand, BootCommand>): void {
    switch (command.type) {
      case 'type':
        if (this.machine) this.machine.child.sendConsole(command.bytes);
        else this.typedAhead.push(command.bytes);
        break;
      case 'turn off':
        this.turnedOff = true;
        this.end({ why: 'turned off' });
        break;
      case 'saved':
        this.saves.get(command.disk)?.(command.error);
        break;
    }
  }

  private async openDisks(): Promise<void> {
    for (const [index, { bytes, bases, isNew }] of this.boot.disks.entries()) {
      const file = new SavedFile(new MemoryFile(bytes, LARGEST_MEMORY_DISK), isNew, (content) =>
        this.save(index, content),
      );
      const files = [file, ...bases.map((base) => new MemoryFile(base))];
      this.disks.push(await openVirtualDisk(this.boot.child.disks[index]!, files));
    }
  }

  private async runs(): Promise<MachineOutcome> {
    const { child } = this.boot;
    for (const sentence of notFollowed(child)) this.notice(`${child.name}: ${sentence}`);
    for (;;) {
      const end = await this.run();
      if (end.why !== 'reset') return end;
      this.notice(`${child.name} restarts`);
    }
  }

  private async run(): Promise<End> {
    if (this.turnedOff) return { why: 'turned off' };
    const ended = new Promise<End>((resolve) => {
      this.end = resolve;
    });
    const { child, wasm, kernel, initrd } = this.boot;
    const machine = await buildMachine({
      child,
      wasm,
      kernel,
      initrd,
      stores: this.disks,
      clock: wallClock,
      console: (bytes) => this.port.send({ type: 'console', bytes }),
      report: (event) => this.hear(event),
      shutdownAnswered: () => {},
      guestTold: () => {},
    });
    this.machine = machine;
    try {
      await machine.child.start();
      for (const bytes of this.typedAhead.splice(0)) machine.child.sendConsole(bytes);
      return await ended;
    } finally {
      this.machine = null;
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
    }
  }

  private save(disk: number, image: Uint8Array<ArrayBuffer>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.saves.set(disk, (error) => (error === null ? resolve() : reject(new Error(error))));
      this.port.send({ type: 'save', disk, image }, [image.buffer]);
    });
  }

  /** A disk that is off has written what it held. */
  private async keepDisks(): Promise<void> {
    for (const [index, disk] of this.disks.entries()) {
      const { file } = this.boot.child.disks[index]!;
      await disk.close().catch((error) => {
        this.notice(`${file}: what was written since its last flush is lost (${messageOf(error)})`, true);
      });
    }
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
