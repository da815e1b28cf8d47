import Mocha from 'mocha';
import { report } from './report.js';

/** Called by VS Code in Node's extension host. */
export function runSuites(load: () => void): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: class {} as unknown as Mocha.ReporterConstructor });
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, '', mocha);
  load();
  return report((done) => mocha.run(done));
}
