import 'mocha/mocha.js'; // the browser build: defines the global `mocha`
import { OPTIONS } from './options.js';
import { report } from './report.js';

declare const mocha: { setup(options: object): void; run(done: (failures: number) => void): import('mocha').Runner };

/** Called by VS Code in the web worker's extension host. */
export function runSuites(load: () => void): Promise<void> {
  // The default reporter would draw into a document, which a worker does not have.
  mocha.setup({ ...OPTIONS, reporter: class {} });
  load();
  return report((done) => mocha.run(done));
}
