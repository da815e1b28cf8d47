/**
 * A whole definition on the whole engine: every child with its work, VMBus byte by byte, devices, memory, the audits that stay on.
 *
 *   npx tsx bench/engine/definition.ts FILE [seconds]
 */
import { loadFile } from '../../src/cli/load-host.js';
import { createEngine } from '../../src/runtime/engine.js';
import { cpuSecondsSince, print } from './figures.js';

const [file = 'examples/modern.hvhost', seconds = '60'] = process.argv.slice(2);
const checked = await loadFile(file);
const model = checked?.hosts[0];
if (model === undefined) throw new Error(`${file} declares no host`);
const engine = createEngine(model, {
  seed: 1,
  horizonNs: Number(seconds) * 1e9,
  scenario: null,
  snapshotEveryNs: 1e9,
  speed: null,
  trace: false,
});
if ('code' in engine) throw new Error(engine.message);

const began = process.cpuUsage();
const last = engine.advance(Number.POSITIVE_INFINITY).at(-1);
const cpuSeconds = cpuSecondsSince(began);
if (last?.type !== 'finished') throw new Error(`${file} did not run to its end`);
print(`${file}, ${seconds} s, trace ${last.result.traceHash}`, { events: last.result.engineEvents, cpuSeconds });
