import Mocha from 'mocha';
import { report } from './report.js';

/** Called by VS Code in Node's extension host. */
export function runSuites(load: () => void): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: Mocha.reporters.Base });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  load();
  return report((done) => mocha.run(done));
}
