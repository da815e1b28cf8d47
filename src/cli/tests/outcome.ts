import type { ExpectationResult } from '../../protocol/run-result.js';
import { seenWhen } from '../result/seen.js';

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

/** One line of a test report: an expectation, or the scenario itself where it could not be played. */
export interface TestCase {
  title: string;
  passed: boolean;
  /** What was seen, or why nothing was. */
  detail: string;
}

/** A scenario without expectations passes by running. */
export function casesOf(outcome: ScenarioOutcome): TestCase[] {
  if (outcome.refused !== null) return [{ title: 'the host runs', passed: false, detail: outcome.refused }];
  if (outcome.expectations.length === 0)
    return [{ title: 'the host runs', passed: true, detail: 'nothing is expected' }];
  return outcome.expectations.map((each) => ({
    title: each.text,
    passed: each.met,
    detail: seenWhen(each, outcome.readyNs),
  }));
}
