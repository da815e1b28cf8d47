import { EXIT } from './exit.js';

/** To be called once: output that cannot be written is one line and an exit code, not a crash. */
export function watchStdout(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `| head` has what it wanted; files that were asked for are still to be written.
    if (error.code === 'EPIPE') return;
    console.error(`hvhost: stdout cannot be written (${error.message})`);
    process.exitCode = EXIT.usage;
  });
  process.stderr.on('error', () => {});
}
