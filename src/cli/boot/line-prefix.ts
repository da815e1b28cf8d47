/** A guest that ends no line is not waited for longer. */
const LONGEST_LINE = 4096;

/** Gives text on line by line, each behind a name, so that several guests can share a terminal. */
export class LinePrefix {
  private readonly decoder = new TextDecoder();
  private line = '';

  constructor(private readonly name: string) {}

  /** The lines that end in what was printed now. */
  lines(printed: Uint8Array): string {
    const lines = (this.line + this.decoder.decode(printed, { stream: true })).split('\n');
    this.line = lines.pop() ?? '';
    if (this.line.length > LONGEST_LINE) {
      lines.push(this.line);
      this.line = '';
    }
    return lines.map((line) => `${this.name} | ${line.replaceAll('\r', '')}\n`).join('');
  }
}
