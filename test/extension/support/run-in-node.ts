import Mocha from 'mocha';
import { OPTIONS } from './options.js';
import { report } from './report.js';

/** Called by VS Code in Node's extension host. */
export function runSuites(load: () => void): Promise<void> {
  const mocha = new Mocha({ ...OPTIONS, reporter: Mocha.reporters.Base });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  load();
  return report((done) => mocha.run(done));
}
