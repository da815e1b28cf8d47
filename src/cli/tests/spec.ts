import { styleText } from 'node:util';
import { type Outcome, suiteOf } from './outcome.js';

/** For people: a scenario, and below it each thing that was expected and what was seen. */
export function specReport(outcomes: Outcome[], colour: boolean): string {
  const paint = (style: 'green' | 'red' | 'dim', text: string) => (colour ? styleText(style, text) : text);
  const suites = outcomes.map(suiteOf);
  const lines = suites.flatMap(({ heading, cases }) => [
    heading,
    ...cases.flatMap(({ title, verdict, detail }) => [
      `  ${verdict === 'passed' ? paint('green', '✓') : paint('red', '✗')} ${title}`,
      ...detail.split('\n').map((line) => paint('dim', `      ${line}`)),
    ]),
    '',
  ]);
  const cases = suites.flatMap((suite) => suite.cases);
  const passed = cases.filter(({ verdict }) => verdict === 'passed').length;
  return [...lines, `${passed} passed, ${cases.length - passed} failed`].join('\n');
}
