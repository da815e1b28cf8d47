/**
 * From a keystroke to fresh diagnostics, in the services of the language server.
 *
 *   npm run bench:language [-- lines ...]
 *
 * Prints a table in Markdown; bench/results/language.md keeps one.
 */
import { DocumentState, EmptyFileSystem, URI } from 'langium';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createHvhostServices } from '../../src/language/module.js';
import { longDefinition } from './definition.js';

const PHASES = [
  DocumentState.Parsed,
  DocumentState.IndexedContent,
  DocumentState.ComputedScopes,
  DocumentState.Linked,
  DocumentState.IndexedReferences,
  DocumentState.Validated,
];
const REPEATS = 40;

/** An edit at the first match behind a place, there and back again. */
interface Edit {
  title: string;
  /** A part of the text; the start unless it says otherwise. */
  behind?: number;
  before: RegExp;
  change: (found: string) => string;
}

const EDITS: Edit[] = [
  { title: 'in a child', before: /weight 20/, change: (found) => `${found}1` },
  { title: 'in a name', before: /host Host/, change: (found) => `${found}x` },
  { title: 'in a comment', before: /the system/, change: (found) => `${found}s` },
  { title: 'in a word, which is none then', before: /weight 20/, change: () => 'wight 20' },
  { title: 'in the hardware of all hosts', behind: 0, before: /512 GB/, change: () => '513 GB' },
  { title: 'a line more', before: /weight 200\n/, change: (found) => `${found}\n` },
];

const uri = URI.file('/bench.hvhost');
const { shared } = createHvhostServices({ ...EmptyFileSystem });
const { DocumentBuilder, LangiumDocuments, TextDocuments } = shared.workspace;
let version = 0;
const starts = new Map<DocumentState, number>();
for (const phase of PHASES) DocumentBuilder.onBuildPhase(phase, () => void starts.set(phase, performance.now()));

const sizes = process.argv.slice(2).map(Number);
console.log('| lines | edit | median ms | p95 ms | of a full rebuild | parse | index | link | validate |');
console.log('|---|---|---|---|---|---|---|---|---|');
for (const lines of sizes.length > 0 ? sizes : [1_000, 10_000, 50_000]) await measure(longDefinition(lines));

async function measure(text: string): Promise<void> {
  const lines = text.split('\n').length;
  const full: Sample[] = [];
  for (let index = 0; index < 7; index++) {
    await DocumentBuilder.update([], [uri]);
    full.push(await build(text));
  }
  const whole = quantile(full.map(total), 0.5);
  report(lines, 'everything anew', full, whole);
  for (const edit of EDITS) report(lines, edit.title, await typed(text, edit), whole);
}

async function typed(text: string, { before, change, behind = 0.5 }: Edit): Promise<Sample[]> {
  const start = Math.floor(text.length * behind);
  const changed = text.slice(0, start) + text.slice(start).replace(before, change);
  const samples: Sample[] = [];
  for (let index = 0; index < REPEATS; index++) samples.push(await build(index % 2 === 0 ? changed : text));
  // The first ones warm up.
  return samples.slice(4);
}

/** Milliseconds of each phase. */
type Sample = Record<'parse' | 'index' | 'link' | 'validate', number>;

async function build(text: string): Promise<Sample> {
  TextDocuments.set(TextDocument.create(uri.toString(), 'hvhost', ++version, text));
  const start = performance.now();
  await DocumentBuilder.update([uri], []);
  const end = performance.now();
  if (LangiumDocuments.getDocument(uri)?.diagnostics === undefined) throw new Error('The file was not checked.');
  const at = (phase: DocumentState) => starts.get(phase) ?? end;
  return {
    parse: at(DocumentState.Parsed) - start,
    index: at(DocumentState.ComputedScopes) - at(DocumentState.Parsed),
    link: at(DocumentState.IndexedReferences) - at(DocumentState.ComputedScopes),
    validate: end - at(DocumentState.IndexedReferences),
  };
}

function total({ parse, index, link, validate }: Sample): number {
  return parse + index + link + validate;
}

function quantile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function report(lines: number, title: string, samples: Sample[], whole: number): void {
  const totals = samples.map(total);
  const median = quantile(totals, 0.5);
  const phases = (['parse', 'index', 'link', 'validate'] as const).map((phase) =>
    quantile(
      samples.map((sample) => sample[phase]),
      0.5,
    ).toFixed(1),
  );
  const cells = [lines, title, median.toFixed(1), quantile(totals, 0.95).toFixed(1), (median / whole).toFixed(3)];
  console.log(`| ${[...cells, ...phases].join(' | ')} |`);
}
