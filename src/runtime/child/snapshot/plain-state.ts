/** What a part of a machine remembers over a snapshot: data that JSON holds without loss. */
export type PlainState = null | boolean | number | string | PlainState[] | { [name: string]: PlainState };

/** A machine cannot be saved, or this snapshot cannot be restored into it; the message says why. */
export class SnapshotError extends Error {}

/** 64 bits, which no JSON number holds. */
export function bits(value: bigint): string {
  return value.toString(16);
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Reads saved state that anybody may have written: everything is checked, and SnapshotError names what is wrong. */
export class StateReader {
  constructor(
    private readonly value: unknown,
    private readonly path = 'state',
  ) {}

  /** A field of an object. */
  at(name: string): StateReader {
    if (typeof this.value !== 'object' || this.value === null || !Object.hasOwn(this.value, name)) {
      throw this.wrong(`has no '${name}'`);
    }
    return new StateReader((this.value as Record<string, unknown>)[name], `${this.path}.${name}`);
  }

  /** This object, when it was written in that version. */
  version(version: number): this {
    const found = this.at('version').integer(0, Number.MAX_SAFE_INTEGER);
    if (found !== version) throw this.wrong(`has version ${found}, and this hvhost reads version ${version}`);
    return this;
  }

  list(most: number): StateReader[] {
    if (!Array.isArray(this.value) || this.value.length > most) throw this.wrong(`is no list of at most ${most}`);
    return this.value.map((item, index) => new StateReader(item, `${this.path}[${index}]`));
  }

  integer(least: number, most: number): number {
    const { value } = this;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw this.wrong(`is no whole number from ${least} to ${most}`);
  }

  /** Nanoseconds of guest time, at most about 100 days. */
  time(): number {
    const { value } = this;
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value;
    throw this.wrong('is no time');
  }

  flag(): boolean {
    if (typeof this.value === 'boolean') return this.value;
    throw this.wrong('is neither true nor false');
  }

  text(most: number): string {
    if (typeof this.value === 'string' && this.value.length <= most) return this.value;
    throw this.wrong(`is no text of at most ${most} characters`);
  }

  bits(): bigint {
    const text = this.text(16);
    if (/^[0-9a-f]+$/.test(text)) return BigInt(`0x${text}`);
    throw this.wrong('is no number of 64 bits');
  }

  bytes(most: number): Uint8Array {
    const text = this.text(most * 2);
    if (!/^([0-9a-f]{2})*$/.test(text)) throw this.wrong('holds no bytes');
    return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16));
  }

  orNull<T>(read: (state: StateReader) => T): T | null {
    return this.value === null ? null : read(this);
  }

  wrong(what: string): SnapshotError {
    return new SnapshotError(`the snapshot does not hold together: ${this.path} ${what}`);
  }
}
