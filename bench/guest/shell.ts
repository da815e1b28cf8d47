import { ScriptRunner } from '../../src/cli/boot/script-runner.js';

/** Defines `moment`, which sets `now` to the guest's clock in nanoseconds: the finest that a shell alone can read. */
export const MOMENT = 'moment() { { read line; read line; read line line now line; } < /proc/timer_list; }';

/** The shell of a guest on its serial console. */
export class Shell {
  private runner: ScriptRunner | null = null;
  private isThere = false;
  private printed = '';

  constructor(private readonly type: (text: string) => void) {}

  /** What the guest printed. */
  hear(text: string): void {
    this.printed += text;
    this.runner?.feed(text);
  }

  /** Waits for the shell where it is not there yet and types lines into it; milliseconds until the last is done. */
  run(...lines: string[]): Promise<number> {
    const from = performance.now();
    this.printed = '';
    return new Promise((resolve, reject) => {
      const done = (status: number) => {
        this.isThere = true;
        if (status === 0) resolve(performance.now() - from);
        else reject(new Error(`the guest's shell says ${status} to: ${lines.join('; ')}`));
      };
      this.runner = new ScriptRunner(lines, this.type, done);
      if (this.isThere) this.runner.shellIsThere();
    });
  }

  /** Seconds that one command takes by the guest's clock: what the console takes to show and to read a line is not in it. */
  async secondsOf(command: string): Promise<number> {
    await this.run(MOMENT, `moment; from=$now; ${command}; moment; echo "took $((now-from)) ns"`);
    const ns = /took (\d+) ns/.exec(this.printed)?.[1];
    if (ns === undefined) throw new Error(`the guest did not tell how long it took: ${command}`);
    return Number(ns) / 1e9;
  }
}
