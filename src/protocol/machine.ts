/** What the extension and the thread of a machine child say to each other. */
import type { Child } from '../model/host-model.js';

/** To the thread. `boot` comes first and once. */
export type MachineCommand =
  | BootCommand
  /** Keys, for the guest's serial console. */
  | { type: 'type'; bytes: Uint8Array }
  /** Asks the guest to shut down, where it has the service for it; else nothing happens. */
  | { type: 'shut down' }
  | CableMessage
  /** The guest and its time stand still until `resume`; answered by `paused`. */
  | { type: 'pause' }
  /** Asks the guest to hold its file systems still until it goes on after a pause; answered by `frozen`. */
  | { type: 'freeze' }
  /** Answered by `resumed`. */
  | { type: 'resume' }
  /** Pauses and answers with `snapshot`, when every disk is kept as it is in it; the machine stays paused. */
  | { type: 'snapshot' }
  /** Of one processor, above 0 to 1: what the others leave it. Its own limit holds besides. */
  | { type: 'share'; share: number }
  /** A key goes down or up on the guest's keyboard. */
  | { type: 'key'; keystroke: Keystroke }
  /** Whether what changes on the guest's screen is told by `screen`, all of it at first. */
  | { type: 'watch screen'; on: boolean }
  /** Answered by `screenshot`. */
  | { type: 'screenshot' }
  /** Pages that the guest should have from now on, where its memory follows its demand. */
  | { type: 'assign memory'; pages: number }
  /** Like pulling the plug; what the guest wrote to its disks is kept. */
  | { type: 'turn off' }
  /** What came last from the guest's console has been shown. */
  | { type: 'console taken' }
  /** The answer to `save`; `error` is null when it is kept. */
  | { type: 'saved'; disk: number; error: string | null };

export interface BootCommand {
  type: 'boot';
  child: Child;
  /** The bytes of v86's `build/v86.wasm`. */
  wasm: Uint8Array;
  /** What it boots, or the file of a snapshot that it goes on from. */
  start: BootFiles | { snapshot: Uint8Array<ArrayBuffer> };
  /** One for each disk of the child, in its order. */
  disks: (DiskContent | DiskFolder)[];
  /** The Ethernet addresses of its network adapters, as numbers of 48 bits; each is plugged in. */
  adapters: number[];
  /** Whether a guest that resets is booted again; else, and always after a snapshot, it has ended. */
  restarts: boolean;
  /** Whether everything that happens on VMBus is told as notices. */
  verbose: boolean;
}

export interface BootFiles {
  kernel: Uint8Array;
  initrd: Uint8Array | null;
}

/** The thread opens the files of the disk by itself, where it can; this is where paths of the definition start. */
export interface DiskFolder {
  folder: string;
}

/** Between the thread of a network adapter and the one of its switch, either way. `adapter` counts from 0. */
export type CableMessage =
  | { type: 'frames'; adapter: number; frames: CableFrame[] }
  /** What the other end has taken of the frames that were sent to it. */
  | { type: 'frames taken'; adapter: number; frames: number; bytes: number };

export interface CableFrame {
  /** An Ethernet frame without VLAN tag. */
  data: Uint8Array;
  tag: number | null;
  /** The checksum of TCP or UDP is not computed yet. */
  checksum: boolean;
  /** The frame stands for TCP segments of so many bytes; 0: for itself. */
  segmentBytes: number;
}

/** The file of a disk, whatever its format, and those that it builds on, nearest first. */
export interface DiskContent {
  bytes: Uint8Array<ArrayBuffer>;
  bases: Uint8Array<ArrayBuffer>[];
  /** There is no file yet, so that even an untouched disk has to be saved. */
  isNew: boolean;
}

/** From the thread. Nothing follows `ended`. */
export type MachineMessage =
  /** What the guest printed; nothing more comes before `console taken`, until the machine ends. */
  | { type: 'console'; bytes: Uint8Array }
  /** A sentence for the user. `serious`: something failed. */
  | { type: 'notice'; text: string; serious: boolean }
  /** Keep this as the file of a disk; the guest waits for `saved`. One at a time for each disk. */
  | { type: 'save'; disk: number; content: Uint8Array<ArrayBuffer> }
  | CableMessage
  /** What it did with its processor in the last 100 ms or more; nothing while it sleeps. */
  | { type: 'used'; used: number; demand: number }
  | { type: 'screen'; frame: Picture }
  /** null: the guest has no screen yet. */
  | { type: 'screenshot'; frame: Picture | null }
  /** Once a second while it runs. */
  | { type: 'status'; status: MachineStatus }
  | { type: 'frozen'; outcome: FreezeOutcome }
  | { type: 'paused' }
  | { type: 'resumed' }
  /** The paused machine as a file, or why it cannot be saved. */
  | { type: 'snapshot'; file: Uint8Array<ArrayBuffer> }
  | { type: 'no snapshot'; reason: string }
  | { type: 'ended'; outcome: MachineOutcome };

/** `refused`: it answered that it cannot, or not in time; Linux does without its backup daemon. */
export type FreezeOutcome = 'frozen' | 'refused' | 'no service';

/** Of the PC keyboard: a code of scan code set 1, without its prefix and without the bit for up. */
export interface Keystroke {
  code: number;
  prefix: 'none' | 'e0' | 'e1';
  up: boolean;
}

/** A piece of a guest's screen. In pixels; `right` and `bottom` lie behind it. */
export interface ScreenFrame {
  /** Of the whole screen. */
  width: number;
  height: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** Red, green, blue and opacity of each pixel of the piece, a byte each. */
  pixels: Uint8Array<ArrayBuffer>;
}

/** The whole of a guest's screen that shows characters. */
export interface TextFrame {
  columns: number;
  lines: TextRun[][];
  /** null: it is not shown. */
  cursor: { line: number; column: number } | null;
}

/** Characters of the same colours beside each other. Colours are 0xRRGGBB. */
export interface TextRun {
  text: string;
  foreground: number;
  background: number;
}

/** What a guest shows: pixels that have changed, or characters. */
export type Picture = ScreenFrame | TextFrame;

/** What is known of a guest that runs. */
export interface MachineStatus {
  /** "Linux 6.1.176", as it told the hypervisor; null before it did. */
  guestOs: string | null;
  heartbeat: 'no contact' | 'ok' | 'lost contact';
  /** What it tells of itself by key-value pairs, in its order: "OSName", "NetworkAddressIPv4" and their like. */
  values: { key: string; value: string }[];
  traffic: MachineTraffic;
  /** Pages of 4 KB; null where it tells no demand. */
  memory: { assignedPages: number; demandPages: number } | null;
}

/** What went over the seam between guest and hypervisor, counted since the machine was built. */
export interface MachineTraffic {
  hypercalls: { name: string; count: number }[];
  /** Packets by open channel, and the interrupts that the guest got for it. */
  channels: { device: string; fromGuest: number; toGuest: number; interrupts: number }[];
}

/** Why a machine child does not run any more, or did not start. */
export interface MachineOutcome {
  why:
    | 'power off'
    | 'reset'
    | 'crash'
    | 'triple fault'
    | 'emulator failure'
    | 'turned off'
    | 'parent failed'
    | 'refused';
  /** The kernel's last words, the message of a defect, or why it was refused. */
  detail?: string;
}
