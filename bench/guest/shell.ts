import { ScriptRunner } from '../../src/cli/boot/script-runner.js';

/** The shell of a guest on its serial console. */
export class Shell {
  private runner: ScriptRunner | null = null;
  private isThere = false;

  constructor(private readonly type: (text: string) => void) {}

  /** What the guest printed. */
  hear(text: string): void {
    this.runner?.feed(text);
  }

  /** Waits for the shell where it is not there yet and types lines into it; milliseconds until the last is done. */
  run(...lines: string[]): Promise<number> {
    const from = performance.now();
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
}
