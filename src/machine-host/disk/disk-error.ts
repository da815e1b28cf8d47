import { MachineError } from '../machine-error.js';

/** A disk image is damaged, of another kind than asked for, or cannot be made; the message says what is wrong. */
export class DiskError extends MachineError {}
