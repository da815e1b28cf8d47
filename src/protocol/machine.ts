/** What the extension and the thread of a machine child say to each other. */
import type { Child } from '../model/host-model.js';

/** To the thread. `boot` comes first and once. */
export type MachineCommand =
  | BootCommand
  /** Keys, for the guest's serial console. */
  | { type: 'type'; bytes: Uint8Array }
  /** Like pulling the plug; what the guest wrote to its disks is kept. */
  | { type: 'turn off' }
  /** The answer to `save`; `error` is null when the image is kept. */
  | { type: 'saved'; disk: number; error: string | null };

export interface BootCommand {
  type: 'boot';
  child: Child;
  /** The bytes of v86's `build/v86.wasm`. */
  wasm: Uint8Array;
  kernel: Uint8Array;
  initrd: Uint8Array | null;
  /** One for each disk of the child, in its order. */
  disks: DiskContent[];
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
  | { type: 'console'; bytes: Uint8Array }
  /** A sentence for the user. `serious`: something failed. */
  | { type: 'notice'; text: string; serious: boolean }
  /** Keep this as the file of a disk; the guest waits for `saved`. One at a time for each disk. */
  | { type: 'save'; disk: number; image: Uint8Array<ArrayBuffer> }
  | { type: 'ended'; outcome: MachineOutcome };

/** Why a machine child does not run any more, or did not start. */
export interface MachineOutcome {
  why: 'power off' | 'crash' | 'triple fault' | 'emulator failure' | 'turned off' | 'refused';
  /** The kernel's last words, the message of a defect, or why it was refused. */
  detail?: string;
}
