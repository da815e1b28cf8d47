import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ConsoleSink } from '../../machine-host/console-output.js';
import type { HostMemory } from '../../machine-host/host-memory.js';
import type { HostNetwork } from '../../machine-host/host-network.js';
import type { HostProcessors } from '../../machine-host/host-processors.js';
import { MachineTalk } from '../../machine-host/machine-talk.js';
import type { Child } from '../../model/host-model.js';
import type {
  FreezeOutcome,
  MachineCommand,
  MachineMessage,
  MachineOutcome,
  MachineStatus,
  Picture,
} from '../../protocol/machine.js';
import { readBootFiles } from './boot-files.js';
import { v86Wasm } from './v86-wasm.js';

/** Lies beside the bundled command line. */
const THREAD = new URL('boot-thread.cjs', import.meta.url);

export interface ThreadedChildOptions {
  child: Child;
  network: HostNetwork;
  processors: HostProcessors;
  memory: HostMemory;
  folder: string;
  /** Whether it boots again when it resets. */
  restarts: boolean;
  verbose: boolean;
  printed: ConsoleSink;
  notice(text: string, serious: boolean): void;
}

/** A machine child on a thread of its own, plugged into the switches of its host. */
export class ThreadedChild {
  /** How it ended; its thread is gone then and its disks are closed. */
  readonly ended: Promise<MachineOutcome>;
  /** What is known of the guest; null before anything is. */
  status: MachineStatus | null = null;

  private constructor(
    private readonly worker: Worker,
    private readonly talk: MachineTalk,
    private readonly finish: (outcome: MachineOutcome) => void,
    ended: Promise<MachineOutcome>,
  ) {
    this.ended = ended.finally(() => {
      talk.close();
      return worker.terminate();
    });
  }

  /** Throws UsageError with a file that is missing. */
  static boot(options: ThreadedChildOptions): ThreadedChild {
    const { child, network, processors, memory, folder, restarts, verbose } = options;
    const files = readBootFiles(child, folder);
    const worker = new Worker(THREAD);
    const cables = network.connect(child, (message) => worker.postMessage(message));
    const seat = processors.join(child, (share) => worker.postMessage({ type: 'share', share }));
    const pages = memory.join(child, (count) => worker.postMessage({ type: 'assign memory', pages: count }));
    const talk = new MachineTalk((command) => worker.postMessage(command));
    const told = (status: MachineStatus) => {
      threaded.status = status;
      if (status.memory !== null) pages.hear(status.memory);
    };
    const printed = async (bytes: Uint8Array) => {
      await options.printed(bytes);
      threaded.send({ type: 'console taken' });
    };
    let finish: (outcome: MachineOutcome) => void = () => {};
    const ended = new Promise<MachineOutcome>((resolve) => {
      finish = resolve;
      worker.on('error', (error) => finish({ why: 'emulator failure', detail: error.stack ?? error.message }));
      worker.on('message', (message: MachineMessage) => {
        if (message.type === 'console') void printed(message.bytes);
        else if (message.type === 'notice') options.notice(message.text, message.serious);
        else if (message.type === 'ended') finish(message.outcome);
        else if (message.type === 'used') seat.hear(message);
        else if (message.type === 'frames' || message.type === 'frames taken') cables.hear(message);
        else if (message.type === 'status') told(message.status);
        else talk.hear(message);
      });
    }).finally(() => {
      cables.disconnect();
      seat.leave();
      pages.leave();
    });
    const threaded = new ThreadedChild(worker, talk, finish, ended);
    threaded.send({
      type: 'boot',
      child,
      wasm: v86Wasm(),
      start: files,
      disks: child.disks.map(() => ({ folder: resolve(folder) })),
      adapters: network.adapters(child),
      restarts,
      verbose,
    });
    return threaded;
  }

  /** Keys, for the guest's serial console. */
  type(bytes: Uint8Array): void {
    this.send({ type: 'type', bytes });
  }

  /** Asks the guest to shut down, so that what it has in memory reaches its disks. */
  shutDown(): void {
    this.send({ type: 'shut down' });
  }

  turnOff(): void {
    this.send({ type: 'turn off' });
  }

  /** Its parent is gone: the thread ends where it is, and closes nothing. */
  lose(): void {
    this.finish({ why: 'parent failed' });
  }

  screenshot(): Promise<Picture | null> {
    return this.talk.screenshot();
  }

  freeze(): Promise<FreezeOutcome> {
    return this.talk.freeze();
  }

  pause(): Promise<void> {
    return this.talk.pause();
  }

  resume(): Promise<void> {
    return this.talk.resume();
  }

  snapshot(): Promise<Uint8Array> {
    return this.talk.snapshot();
  }

  private send(command: MachineCommand): void {
    this.worker.postMessage(command);
  }
}
