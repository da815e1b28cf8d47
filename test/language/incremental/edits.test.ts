import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Cancellation, DocumentState, isOperationCancelled, URI } from 'langium';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Workbench, workbench } from '../workbench.js';
import { answersAbout } from './answers.js';
import { everythingAbout } from './everything.js';
import { applyEdit, randomEdit } from './random-edits.js';

/** More edits for a change of the reader itself: `EDITS=5000 npx mocha test/language/incremental/edits.test.ts`. */
const EDITS = Number(process.env['EDITS'] ?? 150);
const EDITS_PER_RUN = 4;

const EXAMPLES: Record<string, string> = Object.fromEntries(
  ['cathedral', 'modern', 'lab', 'does-not-fit', 'hardware/proliant', 'hardware/twin-epyc'].map((name) => [
    `/${name}.hvhost`,
    readFileSync(`examples/${name}.hvhost`, 'utf8'),
  ]),
);
const LIB = `hardware Box { processor { sockets 2 cores 8 threads 1 frequency 2 GHz virtualization on dep on slat on }
  memory 64 GB ecc  disk d0 2 TB ssd  nic lan1 10 Gb/s }
workload V { requests 1 / s cpu 1 ms }
`;
const TINY = `import "lib.hvhost"
// one
host A on Box { hypervisor hyper-v 2022  switch S external on lan1  parent "Windows Server 2022"
  child a "Debian 12" { memory 1 GB disk "a.vhdx" 10 GB on d0 nic on S runs W } } host B on Box {
  hypervisor hyper-v 2022 parent "Windows Server 2022" child b "Debian 12" { memory 1 GB runs V } } // two
workload W { requests 1 / s cpu 1 ms }
/* three */ workload U { requests 1 / s cpu 1 ms }
scenario X on A { at 0 s start all at 1 s a requests 2 / s }
scenario Y on B { at 0 s start all expect b latency < 4 ms after 1 s }
`;
const TEXTS = [TINY, TINY, TINY.replaceAll('\n', '\r\n'), ...Object.values(EXAMPLES)];

const MAIN = URI.file('/main.hvhost');
const LIBRARY = URI.file('/lib.hvhost');
const PHASES = [
  DocumentState.Parsed,
  DocumentState.ComputedScopes,
  DocumentState.Linked,
  DocumentState.IndexedReferences,
];
const edited = workbench(EXAMPLES);
const fresh = workbench(EXAMPLES);
let version = 0;

function put(bench: Workbench, uri: URI, text: string): void {
  bench.shared.workspace.TextDocuments.set(TextDocument.create(uri.toString(), 'hvhost', ++version, text));
}

/** The texts as if they had just been opened. */
async function open(bench: Workbench, main: string, library: string): Promise<void> {
  const { DocumentBuilder } = bench.shared.workspace;
  await DocumentBuilder.update([], [MAIN, LIBRARY]);
  put(bench, MAIN, main);
  put(bench, LIBRARY, library);
  await DocumentBuilder.update([MAIN, LIBRARY], []);
}

/** Builds after an edit; with a phase, somebody types on before the build has got any further. */
async function type(bench: Workbench, uri: URI, text: string, phase?: DocumentState): Promise<void> {
  const { DocumentBuilder } = bench.shared.workspace;
  put(bench, uri, text);
  const source = new Cancellation.CancellationTokenSource();
  const listener = phase === undefined ? undefined : DocumentBuilder.onBuildPhase(phase, () => source.cancel());
  try {
    await DocumentBuilder.update([uri], [], source.token);
  } catch (error) {
    if (!isOperationCancelled(error)) throw error;
  } finally {
    listener?.dispose();
  }
}

async function describeAll(bench: Workbench, at: number): Promise<object[]> {
  const described: object[] = [];
  // One after the other: the provider of semantic tokens does one document at a time.
  for (const uri of [MAIN, LIBRARY]) {
    const document = bench.shared.workspace.LangiumDocuments.getDocument(uri);
    assert.ok(document);
    described.push({ ...everythingAbout(document, bench), answers: await answersAbout(document, bench, at) });
  }
  return described;
}

const step = fc.record({
  edit: randomEdit,
  inLibrary: fc.integer({ min: 0, max: 5 }).map((each) => each === 0),
  interrupted: fc.option(fc.constantFrom(...PHASES), { freq: 4 }),
  look: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('editing', () => {
  it('leaves what opening the edited files would give', async function () {
    this.timeout(600_000 + EDITS * 100);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...TEXTS),
        fc.array(step, { minLength: 1, maxLength: 2 * EDITS_PER_RUN }),
        async (text, steps) => {
          const now = { main: text, library: LIB };
          let before = { ...now };
          await open(edited, now.main, now.library);
          for (const { edit, inLibrary, interrupted, look } of steps) {
            const file = inLibrary ? 'library' : 'main';
            const next = applyEdit(now[file], edit, before[file]);
            before = { ...now };
            now[file] = next;
            await type(edited, inLibrary ? LIBRARY : MAIN, next, interrupted ?? undefined);
            if (interrupted !== null) continue;
            await open(fresh, now.main, now.library);
            assert.deepEqual(await describeAll(edited, look), await describeAll(fresh, look));
          }
        },
      ),
      { numRuns: Math.ceil(EDITS / EDITS_PER_RUN) },
    );
  });
});
