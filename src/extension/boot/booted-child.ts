import { type Disposable, type ExtensionContext, type Terminal, ThemeIcon, Uri, window, workspace } from 'vscode';
import type { HostMemory, MemorySeat } from '../../machine-host/host-memory.js';
import type { HostNetwork, ThreadNetwork } from '../../machine-host/host-network.js';
import type { HostProcessors, ProcessorSeat } from '../../machine-host/host-processors.js';
import { MachineTalk } from '../../machine-host/machine-talk.js';
import { describeNeighbours, type Neighbours } from '../../machine-host/neighbours/neighbours.js';
import type { Child } from '../../model/host-model.js';
import type { CableMessage, MachineCommand, MachineMessage, MachineOutcome } from '../../protocol/machine.js';
import type { MachineThread, Platform } from '../platform.js';
import { ChildConsole } from './child-console.js';
import type { GuestFiles } from './guest-files.js';
import { ScreenPanel } from './screen-panel.js';

/** What the children of one host that run at once have together. */
export interface SharedHost {
  network: HostNetwork;
  /** The modelled children beside it; null where none is on its switches. */
  neighbours: Neighbours | null;
  processors: HostProcessors;
  memory: HostMemory;
}

/** A child with its console, from its first boot until the console is closed. */
export class BootedChild implements Disposable {
  private readonly console: ChildConsole;
  private readonly terminal: Terminal;
  private thread: MachineThread | null = null;
  /** What was typed before the thread was there; null while nothing boots. */
  private typedAhead: string | null = null;
  /** To pause and save the machine; null while none runs. */
  talk: MachineTalk | null = null;
  private seat: ProcessorSeat | null = null;
  private pages: MemorySeat | null = null;
  private screen: ScreenPanel | null = null;
  private neighbours: Neighbours | null = null;
  private gone = false;
  private finish: (outcome: MachineOutcome) => void = () => {};

  /** `again`: the user asks for another boot; `closed`: the console is gone. */
  constructor(
    private readonly name: string,
    again: () => void,
    closed: () => void,
  ) {
    this.console = new ChildConsole({
      typed: (text) => {
        if (this.thread) this.thread.send(keys(text));
        else if (this.typedAhead !== null) this.typedAhead += text;
        else if (text === '\r') again();
      },
      closed: () => {
        this.gone = true;
        this.thread?.send({ type: 'turn off' });
        closed();
      },
    });
    this.terminal = window.createTerminal({ name, pty: this.console, iconPath: new ThemeIcon('vm') });
  }

  /** What the guest printed since its last boot. */
  get printed(): string {
    return this.console.printed;
  }

  /** Pulls the plug; `boot` resolves. */
  turnOff(): void {
    this.thread?.send({ type: 'turn off' });
  }

  /** Its parent has failed: the thread ends where it is, and closes nothing; `boot` resolves. */
  lose(): void {
    this.finish({ why: 'parent failed' });
  }

  /** Shows the guest's screen, from now on until the user closes it. */
  showScreen(context: ExtensionContext): void {
    if (this.screen !== null) {
      this.screen.show();
      return;
    }
    const send = (command: MachineCommand) => this.thread?.send(command);
    this.screen = new ScreenPanel(context, this.name, send, () => {
      this.screen = null;
    });
  }

  /** Tells in the console, which is shown, who runs beside it; returns what it told. */
  sayNeighbours(): string {
    const text = describeNeighbours(this.neighbours);
    this.show();
    this.console.say(text);
    return text;
  }

  /** Whether that is the terminal of its console. */
  isShownIn(terminal: unknown): boolean {
    return terminal === this.terminal;
  }

  show(): void {
    this.terminal.show();
  }

  /** Boots the machine; resolves when it has ended and its disks are kept. */
  async boot(
    context: ExtensionContext,
    platform: Platform,
    child: Child,
    files: GuestFiles,
    host: SharedHost,
  ): Promise<MachineOutcome> {
    this.typedAhead = '';
    this.console.begin();
    // Its parent may fail while the thread still starts.
    const lost = new Promise<MachineOutcome>((resolve) => {
      this.finish = resolve;
    });
    const goesOn = 'snapshot' in files.start;
    this.console.say(goesOn ? `${child.name} goes on` : `${child.name} boots ${child.boots?.kernel}`);
    let thread: MachineThread | null = null;
    const ahead: MachineCommand[] = [];
    this.talk = new MachineTalk((command) => (this.thread ? this.thread.send(command) : ahead.push(command)));
    let cables: ThreadNetwork | null = null;
    try {
      const wasm = await workspace.fs.readFile(Uri.joinPath(context.extensionUri, 'dist/v86.wasm'));
      thread = await platform.startMachine(context);
      const { send } = thread;
      const { start, disks } = files;
      this.seat = host.processors.join(child, (share) => send({ type: 'share', share }));
      this.pages = host.memory.join(child, (pages) => send({ type: 'assign memory', pages }));
      cables = host.network.connect(child, send);
      for (const sentence of host.network.notFollowed(child)) this.console.say(sentence);
      this.neighbours = host.neighbours;
      if (host.neighbours !== null) this.console.say(host.neighbours.introduction);
      const ended = this.listen(thread, files, cables);
      const adapters = host.network.adapters(child);
      send({ type: 'boot', child, wasm, start, disks, adapters, restarts: true, verbose: false });
      thread.send(this.gone ? { type: 'turn off' } : keys(this.typedAhead));
      for (const command of ahead) thread.send(command);
      this.thread = thread;
      this.screen?.tell({ type: 'began' });
      if (this.screen !== null) send({ type: 'watch screen', on: true });
      const outcome = await Promise.race([ended, lost]);
      this.sayEnd(child.name, outcome);
      return outcome;
    } finally {
      this.thread = null;
      this.talk?.close();
      this.talk = null;
      this.seat?.leave();
      this.pages?.leave();
      this.neighbours = null;
      this.typedAhead = null;
      thread?.dispose();
      cables?.disconnect();
    }
  }

  /** Ends the machine at once, with the extension; its disks keep what the guest has flushed. */
  dispose(): void {
    this.thread?.dispose();
    this.terminal.dispose();
    this.screen?.dispose();
  }

  private listen(thread: MachineThread, files: GuestFiles, cables: ThreadNetwork): Promise<MachineOutcome> {
    return new Promise((resolve) => {
      thread.onEvent((message) => {
        if (message.type === 'frames' || message.type === 'frames taken') cables.hear(message);
        else this.hear(message, thread, files, resolve);
      });
    });
  }

  private hear(
    message: Exclude<MachineMessage, CableMessage>,
    thread: MachineThread,
    files: GuestFiles,
    ended: (outcome: MachineOutcome) => void,
  ): void {
    switch (message.type) {
      case 'console':
        this.console.print(message.bytes);
        thread.send({ type: 'console taken' });
        break;
      case 'notice':
        this.console.say(message.text, message.serious);
        // Who has closed the console must still learn that a disk could not be saved.
        if (this.gone && message.serious) void window.showErrorMessage(message.text);
        break;
      case 'save': {
        const { disk, content } = message;
        const answer = (error: string | null) => thread.send({ type: 'saved', disk, error });
        void files.save(disk, content).then(
          () => answer(null),
          (error) => answer(error instanceof Error ? error.message : String(error)),
        );
        break;
      }
      case 'paused':
        this.console.say('paused: its time stands still');
        this.talk?.hear(message);
        break;
      case 'resumed':
        this.console.say('goes on');
        this.talk?.hear(message);
        break;
      case 'frozen':
      case 'screenshot':
      case 'snapshot':
      case 'no snapshot':
        this.talk?.hear(message);
        break;
      case 'used':
        this.seat?.hear(message);
        break;
      case 'screen':
        this.screen?.tell({ type: 'frame', frame: message.frame });
        break;
      case 'status':
        this.screen?.tell(message);
        if (message.status.memory !== null) this.pages?.hear(message.status.memory);
        break;
      case 'ended':
        ended(message.outcome);
        break;
    }
  }

  private sayEnd(name: string, { why, detail }: MachineOutcome): void {
    const { text, serious } = ENDS[why];
    if (detail) this.console.say(detail, serious);
    this.console.say(`${name} ${text}`, serious);
    this.screen?.tell({ type: 'ended', text: `${name} ${text}` });
    this.console.say('Press Enter to boot it again, or close the terminal.');
  }
}

function keys(text: string): MachineCommand {
  return { type: 'type', bytes: new TextEncoder().encode(text) };
}

const ENDS: Record<MachineOutcome['why'], { text: string; serious: boolean }> = {
  'power off': { text: 'has switched itself off.', serious: false },
  'turned off': { text: 'was turned off.', serious: false },
  reset: { text: 'has restarted.', serious: false },
  crash: { text: 'has crashed.', serious: true },
  'triple fault': { text: 'did what no processor survives (triple fault).', serious: true },
  'emulator failure': { text: 'ended because what executes it failed; this is a defect of hvhost.', serious: true },
  'parent failed': { text: 'went with its parent, which has failed; its disks keep what was flushed.', serious: true },
  refused: { text: 'does not boot.', serious: true },
};
