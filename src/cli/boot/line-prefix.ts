/** Gives text on line by line, each behind a name, so that several guests can share a terminal. */
export class LinePrefix {
  private readonly decoder = new TextDecoder();
  private line = '';

  constructor(
    private readonly name: string,
    private readonly out: (text: string) => void,
  ) {}

  write(bytes: Uint8Array): void {
    const lines = (this.line + this.decoder.decode(bytes, { stream: true })).split('\n');
    this.line = lines.pop() ?? '';
    for (const line of lines) this.out(`${this.name} | ${line.replaceAll('\r', '')}\n`);
  }
}
