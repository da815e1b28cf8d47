// Reads what the runner inside the extension host prints, one JSON line a test, and prints it for people.

export class TestLog {
  failures = [];
  passed = 0;
  done = null;

  read(line) {
    const match = /HVHOST-TEST (\{.*\})/.exec(line);
    if (!match) {
      if (process.env.RIG_VERBOSE) console.log(line);
      return;
    }
    const report = JSON.parse(match[1]);
    if (report.done) {
      this.done = report.done;
      return;
    }
    if (report.retried) {
      console.log(`  tried again: ${report.retried}\n${report.error}`);
      return;
    }
    if (report.error) this.failures.push(report.title);
    else this.passed++;
    console.log(report.error ? `  FAIL ${report.title}\n${report.error}` : `  ok   ${report.title}`);
  }

  /** Null when every test passed. An extension host that dies reports success, so only a complete run counts. */
  verdict(exitCode) {
    if (!this.done) return 'the extension host ended before the tests did';
    if (this.failures.length > 0 || this.done.failures > 0) return `${this.done.failures} failed`;
    if (this.passed === 0 || this.passed !== this.done.tests)
      return `${this.passed} of ${this.done.tests} tests reported`;
    return exitCode === 0 ? null : `the extension host ended with ${exitCode}`;
  }
}
