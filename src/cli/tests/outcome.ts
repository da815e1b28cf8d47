import type { ExpectationResult } from '../../protocol/run-result.js';
import type { Problem } from '../diagnostics/problem.js';
import { seenWhen } from '../result/seen.js';

export type Outcome = ScenarioOutcome | BrokenFile;

/** A scenario that was played, or why it could not be. */
export interface ScenarioOutcome {
  file: string;
  host: string;
  scenario: string;
  refused: string | null;
  /** The moment from which the scenario counts. */
  readyNs: number;
  expectations: ExpectationResult[];
}

/** A file of which nothing was played, because of errors in it or in what it imports. */
export interface BrokenFile {
  file: string;
  errors: Problem[];
}

/** What a test report says of one scenario, or of one file that could not be read. */
export interface TestSuite {
  file: string;
  /** "Nave Monday" */
  name: string;
  /** For people: "Monday on Nave (a.hvhost)" */
  heading: string;
  cases: TestCase[];
}

/** One line of a test report: an expectation, or the scenario itself where it could not be played. */
export interface TestCase {
  title: string;
  /** `error`: it could not even be tried. */
  verdict: 'passed' | 'failed' | 'error';
  /** What was seen, or why nothing was. */
  detail: string;
}

export function suiteOf(outcome: Outcome): TestSuite {
  const { file } = outcome;
  if ('errors' in outcome) return { file, name: file, heading: file, cases: [brokenCase(outcome)] };
  const { host, scenario } = outcome;
  return { file, name: `${host} ${scenario}`, heading: `${scenario} on ${host} (${file})`, cases: casesOf(outcome) };
}

function brokenCase({ errors }: BrokenFile): TestCase {
  const lines = errors.map(({ path, line, column, code, message }) => `${path}:${line}:${column}: ${code} ${message}`);
  return { title: 'the file has no errors', verdict: 'error', detail: lines.join('\n') };
}

/** A scenario without expectations passes by running. */
function casesOf({ refused, expectations, readyNs }: ScenarioOutcome): TestCase[] {
  if (refused !== null) return [{ title: 'the host runs', verdict: 'failed', detail: refused }];
  if (expectations.length === 0) return [{ title: 'the host runs', verdict: 'passed', detail: 'nothing is expected' }];
  return expectations.map((each) => ({
    title: each.text,
    verdict: each.met ? 'passed' : 'failed',
    detail: seenWhen(each, readyNs),
  }));
}
