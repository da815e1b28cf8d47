import type { Child } from '../model/host-model.js';
import type { BootFiles, FreezeOutcome, Keystroke, Picture } from '../protocol/machine.js';
import type { HostClock } from '../runtime/child/cpu-port.js';
import { BootPlanError, planBoot } from '../runtime/child/machine/boot-plan.js';
import { IdeDisk } from '../runtime/child/machine/ide-disk.js';
import { KernelFormatError, readKernel } from '../runtime/child/machine/kernel-image.js';
import {
  MachineChild,
  type MachineDevice,
  type MachineEvent,
  type MachineState,
} from '../runtime/child/machine/machine-child.js';
import { ProcessorShare, type ProcessorUse } from '../runtime/child/machine/processor-share.js';
import { V86Mismatch } from '../runtime/child/machine/v86-platform.js';
import { SnapshotError } from '../runtime/child/snapshot/plain-state.js';
import type { BudgetSize } from '../runtime/hypervisor/run-budget.js';
import type { MacAddress } from '../runtime/parent/switch/mac-address.js';
import { Backup } from '../runtime/parent/vsp/integration/backup.js';
import { Heartbeat } from '../runtime/parent/vsp/integration/heartbeat.js';
import { KeyValueExchange } from '../runtime/parent/vsp/integration/key-value-exchange.js';
import { Shutdown, type ShutdownAnswer } from '../runtime/parent/vsp/integration/shutdown.js';
import { TimeSync } from '../runtime/parent/vsp/integration/time-sync.js';
import { KeyboardVsp } from '../runtime/parent/vsp/keyboard/keyboard-vsp.js';
import { type MemoryUse, MemoryVsp } from '../runtime/parent/vsp/memory/memory-vsp.js';
import { NetworkVsp } from '../runtime/parent/vsp/network/network-vsp.js';
import type { BlockStore } from '../runtime/parent/vsp/storage/block-store.js';
import { type Disk, StorageVsp } from '../runtime/parent/vsp/storage/storage-vsp.js';
import { VideoVsp } from '../runtime/parent/vsp/video/video-vsp.js';
import { ConsoleOutput, type ConsoleSink } from './console-output.js';
import { decompress } from './decompress.js';
import { type LeftOut, limitedEvents } from './event-limit.js';
import { MachineError } from './machine-error.js';
import { checkIdeDisks, memoryOf } from './machine-limits.js';
import { v86Platform } from './platform.js';

export interface MachineRequest {
  child: Child;
  /** The bytes of v86's `build/v86.wasm`. */
  wasm: Uint8Array;
  start: MachineStart;
  /** One for each disk of the child, in its order. The caller opens them and closes them after the machine. */
  stores: readonly BlockStore[];
  /** The Ethernet addresses of its network adapters, in their order. The caller plugs them in. */
  adapters: readonly MacAddress[];
  clock: HostClock;
  console: ConsoleSink;
  report(event: ToldEvent): void;
  shutdownAnswered(answer: ShutdownAnswer): void;
  /** What the guest says of itself: operating system, version, addresses. */
  guestTold(values: ReadonlyMap<string, string>): void;
  /** What it has of its memory and says it needs, where that may change. */
  memoryUsed?(use: MemoryUse): void;
  /** What it did with its processor, every 100 ms in which it runs. */
  used?(use: ProcessorUse): void;
}

/** What happens to a machine; of what a guest can make happen without end, at most 100 a second are told. */
export type ToldEvent = MachineEvent | { type: 'disk failed'; disk: string; error: unknown } | LeftOut;

/** Where the guest begins: at a kernel's first instruction, or where it was saved, which may take a while to unpack. */
export type MachineStart = BootFiles | { state(): Promise<MachineState> };

/** What a guest shows on its screen. */
export interface Screen {
  /** What has changed since the last time, or all of it; null where nothing has, or the guest shows nothing yet. */
  frame(everything?: boolean): Picture | null;
}

export interface Machine {
  /** Narrower where others want the same processors. */
  share: ProcessorShare;
  child: MachineChild;
  storage: StorageVsp | null;
  /** One for each address of the request. */
  networks: readonly NetworkVsp[];
  /** null where its memory is static. */
  memory: MemoryVsp | null;
  /** What it shows, of pixels or of characters. */
  screen: Screen;
  /** A key of its keyboard goes down or up. */
  type(keystroke: Keystroke): void;
  heartbeat: Heartbeat;
  shutdown: Shutdown;
  keyValues: KeyValueExchange;
  /** Asks the guest to hold its file systems still until it goes on after a pause. */
  freeze(): Promise<FreezeOutcome>;
  /** Turns the machine off; afterwards nothing is asked of its disks any more. */
  turnOff(): Promise<void>;
}

/** Serial console, no kernel self-tests, and no search for hardware that a virtual machine cannot have. */
const COMMAND_LINE = 'console=ttyS0 nokaslr mitigations=off noisapnp cryptomgr.notests';
/**
 * A processor that rested is half as fast for 5 ms, because its caches are cold (measured, docs/machine-snapshots.md): in a
 * run of that length it is 5 %. The wait stays
 * below what the division of a host's processors takes for sleep (host-processors.ts).
 */
const BUDGET: BudgetSize = { runNs: 50e6, longestWaitNs: 400e6 };
const PAGE_BYTES = 4096;
const SCSI_INSTANCE = '00000000-0001-8899-0000-000000000000';

/** A guest knows an adapter again by its instance, which is made of its address. */
function networkInstance(mac: MacAddress): string {
  return `7f3c1a00-0001-4000-8000-${mac.toString(16).padStart(12, '0')}`;
}

/** Builds the machine of a child; it does not run yet. Throws MachineError with what is wrong. */
export async function buildMachine(request: MachineRequest): Promise<Machine> {
  const { child, clock } = request;
  const few = limitedEvents<ToldEvent>(request.report, () => clock.nowNs());
  const report = (event: ToldEvent) =>
    event.type === 'ended' || event.type === 'guest crashed' ? request.report(event) : few(event);
  const memoryBytes = memoryOf(child);
  checkIdeDisks(child);
  const { start } = request;
  const plan = 'state' in start ? null : await bootPlan(child, start, memoryBytes);

  const share = new ProcessorShare(child.processors.limitPercent / 100, BUDGET, request.used ?? (() => {}));
  const heartbeat = new Heartbeat();
  const shutdown = new Shutdown(request.shutdownAnswered);
  const keyValues = new KeyValueExchange(request.guestTold);
  let frozen: (outcome: FreezeOutcome) => void = () => {};
  const backup = new Backup((state) => frozen(state === 'frozen' ? 'frozen' : 'refused'));
  const freeze = () =>
    new Promise<FreezeOutcome>((resolve) => {
      frozen = resolve;
      if (!backup.freeze()) resolve('no service');
    });
  const failed = (disk: Disk, error: unknown) => report({ type: 'disk failed', disk: disk.serial, error });
  const disks = request.stores.map((store, lun) => ({
    lun,
    serial: `HVHOST-${child.name}-${lun}`.slice(0, 20),
    store,
  }));
  const memory =
    child.memory.kind === 'static' || child.boots?.bare
      ? null
      : new MemoryVsp(memoryBytes / PAGE_BYTES, request.memoryUsed ?? (() => {}));
  const bare = child.boots?.bare === true;
  const ideDisks = disks.map((disk) => new IdeDisk(disk.store, (error) => failed(disk, error)));
  const storage = bare || disks.length === 0 ? null : new StorageVsp(SCSI_INSTANCE, disks, failed);
  const networks = request.adapters.map((mac) => new NetworkVsp(networkInstance(mac), mac));
  const keyboard = new KeyboardVsp();
  const video = bare ? null : new VideoVsp();
  const off = new Set(child.integrationServicesOff);
  const output = new ConsoleOutput(request.console);
  const machine = await created(
    MachineChild.create({
      platform: await v86Platform(request.wasm),
      memoryBytes,
      plan,
      clock,
      share,
      deviceMemory: video === null ? [] : [video.vram],
      bare: bare ? ideDisks : undefined,
      devices: (partition) => {
        const services: [string, MachineDevice][] = [
          ['Heartbeat', heartbeat],
          ['Shutdown', shutdown],
          ['Time Synchronization', new TimeSync(clock, () => partition.referenceTime())],
          ['Key-Value Pair Exchange', keyValues],
          ['VSS', backup],
        ];
        const offered = services.filter(([title]) => !off.has(title)).map(([, device]) => device);
        return [storage, ...networks, memory, keyboard, video, ...offered].filter((device) => device !== null);
      },
      console: (byte) => output.print(byte),
      report,
    }),
    'state' in start ? start.state() : null,
  );
  const turnOff = async () => {
    await machine.turnOff();
    output.end();
    await storage?.drain();
  };
  return {
    child: machine,
    share,
    storage,
    networks,
    memory,
    screen: video ?? machine.textScreen,
    type: (keystroke) => (bare ? machine.typePs2(keystroke) : keyboard.type(keystroke)),
    heartbeat,
    shutdown,
    keyValues,
    freeze,
    turnOff,
  };
}

/** The saved state is unpacked, on other threads, while the machine is built. */
async function created(machine: Promise<MachineChild>, saved: Promise<MachineState> | null): Promise<MachineChild> {
  try {
    const [built, state] = await Promise.allSettled([machine, saved]);
    if (built.status === 'rejected') throw built.reason;
    if (state.status === 'rejected') {
      await built.value.turnOff();
      throw state.reason;
    }
    if (state.value !== null) await restored(built.value, state.value);
    return built.value;
  } catch (error) {
    if (error instanceof V86Mismatch || error instanceof SnapshotError) throw new MachineError(error.message);
    throw error;
  }
}

async function restored(machine: MachineChild, saved: MachineState): Promise<void> {
  try {
    await machine.restore(saved);
  } catch (error) {
    await machine.turnOff();
    throw error;
  }
}

async function bootPlan(child: Child, { kernel: file, initrd }: BootFiles, memoryBytes: number) {
  const commandLine = [COMMAND_LINE, child.boots?.commandLine ?? ''].join(' ').trim();
  try {
    const kernel = await readKernel(file, decompress);
    return planBoot({ kernel, initrd, commandLine, memoryBytes, bare: child.boots?.bare === true });
  } catch (error) {
    if (error instanceof KernelFormatError) throw new MachineError(`${child.boots?.kernel}: ${error.message}`);
    if (error instanceof BootPlanError) throw new MachineError(`child ${child.name}: ${error.message}`);
    throw error;
  }
}
