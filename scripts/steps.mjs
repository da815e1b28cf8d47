// Runs the steps of a longer script one after another and says how each went.
import { spawnSync } from 'node:child_process';

/**
 * Runs each step's command; stops at the first failure with its exit code. What a step prints goes to the terminal.
 * @param {{ title: string, command: string[] }[]} steps
 */
export function runSteps(steps, cwd) {
  for (const { title, command } of steps) {
    const started = Date.now();
    console.log(`\n== ${title}`);
    const [program, ...args] = command;
    const { status, error } = spawnSync(program, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
    if (error) console.error(error.message);
    if (status !== 0) {
      console.error(`\n${title}: failed`);
      process.exit(status ?? 1);
    }
    console.log(`== ${title}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
}
