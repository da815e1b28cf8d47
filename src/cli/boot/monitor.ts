import { type MonitorCommand, parseMonitorLine } from './monitor-command.js';

const ENTER = ['\r', '\n'];
const ERASE = ['\u007f', '\b'];
const ABORT = ['\u0003', '\u001b'];
/** Ctrl-], as telnet and virsh have it. */
export const ESCAPE = '\u001d';

export interface MonitorHost {
  write(text: string): void;
  /** What to tell, or null. `stay`: the prompt comes again instead of the guest. Rejects with what went wrong. */
  perform(command: MonitorCommand): Promise<{ text: string | null; stay: boolean }>;
  /** Ctrl-] twice. */
  leave(): void;
  /** The guest has the keys again. */
  closed(): void;
}

/** The prompt behind Ctrl-]: a line with a word, and its answer. It has the keyboard while it is open. */
export class Monitor {
  private line = '';
  private busy = false;

  constructor(
    private readonly name: string,
    private readonly host: MonitorHost,
  ) {}

  open(): void {
    this.host.write('\r\n');
    this.prompt();
  }

  /** Keys. What is typed while a command is carried out is dropped. */
  type(keys: string): void {
    for (const key of keys) {
      if (this.busy) return;
      if (key === ESCAPE || ABORT.includes(key)) {
        this.host.write('\r\n');
        if (key === ESCAPE) this.host.leave();
        else this.host.closed();
        return;
      }
      if (ENTER.includes(key)) void this.enter();
      else if (ERASE.includes(key)) this.erase();
      else if (key >= ' ') this.add(key);
    }
  }

  private async enter(): Promise<void> {
    const line = this.line;
    this.host.write('\r\n');
    if (line.trim() === '') {
      this.host.closed();
      return;
    }
    const command = parseMonitorLine(line);
    const { text, stay } = typeof command === 'string' ? { text: command, stay: true } : await this.perform(command);
    if (text !== null) this.host.write(`${text.replaceAll('\n', '\r\n')}\r\n`);
    if (stay) this.prompt();
    else this.host.closed();
  }

  private async perform(command: MonitorCommand): Promise<{ text: string | null; stay: boolean }> {
    this.busy = true;
    try {
      return await this.host.perform(command);
    } catch (error) {
      return { text: error instanceof Error ? error.message : String(error), stay: true };
    } finally {
      this.busy = false;
    }
  }

  private prompt(): void {
    this.line = '';
    this.host.write(`hvhost ${this.name}> `);
  }

  private add(key: string): void {
    this.line += key;
    this.host.write(key);
  }

  private erase(): void {
    if (this.line === '') return;
    this.line = this.line.slice(0, -1);
    this.host.write('\b \b');
  }
}
