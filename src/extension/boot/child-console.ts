import { EventEmitter, type Pseudoterminal } from 'vscode';

const KEPT_CHARACTERS = 256 * 1024;
const GREY = '\u001b[90m';
const RED = '\u001b[31m';
const PLAIN = '\u001b[0m';

/** The terminal that stands for a child's serial console. */
export class ChildConsole implements Pseudoterminal {
  private readonly writer = new EventEmitter<string>();
  readonly onDidWrite = this.writer.event;
  /** What came before the terminal was there; it would be lost. */
  private early: string | null = '';
  private decoder = new TextDecoder();
  private kept = '';
  private lineOpen = false;

  constructor(private readonly listener: { typed(text: string): void; closed(): void }) {}

  /** What the guest printed since the last boot, or the end of it. */
  get printed(): string {
    return this.kept;
  }

  open(): void {
    const early = this.early ?? '';
    this.early = null;
    if (early !== '') this.writer.fire(early);
  }

  close(): void {
    this.listener.closed();
    this.writer.dispose();
  }

  handleInput(text: string): void {
    this.listener.typed(text);
  }

  /** A boot begins: what the last one printed stays on the screen. */
  begin(): void {
    this.decoder = new TextDecoder();
    this.kept = '';
  }

  /** The guest printed. */
  print(bytes: Uint8Array): void {
    const text = this.decoder.decode(bytes, { stream: true });
    this.kept = (this.kept + text).slice(-KEPT_CHARACTERS);
    this.show(text);
  }

  /** A sentence of ours, on a line of its own. `serious`: something failed. */
  say(text: string, serious = false): void {
    const lines = text.replaceAll(/\r?\n/g, '\r\n');
    this.show(`${this.lineOpen ? '\r\n' : ''}${serious ? RED : GREY}${lines}${PLAIN}\r\n`);
  }

  private show(text: string): void {
    if (text === '') return;
    this.lineOpen = !text.endsWith('\n');
    if (this.early === null) this.writer.fire(text);
    else this.early += text;
  }
}
