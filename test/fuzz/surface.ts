/** What an attacker controls, cut into the parts in which it arrives: packets, messages, frames; a file is one part. */
export type Input = readonly Uint8Array<ArrayBuffer>[];

/** A place where hostile input comes in. */
export interface Surface {
  /** Valid inputs, from which hostile ones are made. */
  samples(): Input[] | Promise<Input[]>;
  /** Uses an input. Throws where anything but a declared refusal comes of it, or where others are harmed. */
  attack(input: Input): void | Promise<void>;
}

/** An input as a file of seeds: each part as a line of hexadecimal digits. */
export function formatInput(input: Input): string {
  return input.map((part) => `${Buffer.from(part).toString('hex')}\n`).join('');
}

export function parseInput(text: string): Input {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => Uint8Array.from(Buffer.from(line, 'hex')));
}

/** Reads an input from its start on; where it has ended, zeros come. */
export class InputReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  /** Little-endian. */
  word(): number {
    return (this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24)) >>> 0;
  }

  long(): bigint {
    return BigInt(this.word()) | (BigInt(this.word()) << 32n);
  }

  take(length: number): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(length);
    taken.set(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return taken;
  }

  rest(): Uint8Array<ArrayBuffer> {
    return this.take(Math.max(0, this.bytes.length - this.at));
  }
}
