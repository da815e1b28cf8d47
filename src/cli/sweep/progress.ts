/** How many runs are done, on a line of stderr that is written over and over; nothing where stderr is no terminal. */
export function runCounter(host: string): { show(done: number, of: number): void; end(): void } {
  const stream = process.stderr;
  if (!stream.isTTY) return { show: () => {}, end: () => {} };
  return {
    show: (done, of) => stream.write(`\r\x1b[K${host}: ${done} of ${of} runs`),
    end: () => stream.write('\r\x1b[K'),
  };
}
