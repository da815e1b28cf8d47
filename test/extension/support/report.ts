import type { Runner } from 'mocha';

/** Prints one line of JSON for each test and one at the end; rejects when a test failed. */
export function report(start: (done: (failures: number) => void) => Runner): Promise<void> {
  return new Promise((resolve, reject) => {
    const runner = start((failures) => {
      print({ done: { failures, tests: runner.total } });
      if (failures > 0) reject(new Error(`${failures} tests failed`));
      else resolve();
    });
    runner.on('pass', (test) => print({ title: test.fullTitle() }));
    runner.on('retry', (test, error: Error) =>
      print({ retried: test.fullTitle(), error: error.stack ?? String(error) }),
    );
    runner.on('fail', (test, error: Error) => print({ title: test.fullTitle(), error: error.stack ?? String(error) }));
  });
}

function print(line: object): void {
  console.log(`HVHOST-TEST ${JSON.stringify(line)}`);
}
