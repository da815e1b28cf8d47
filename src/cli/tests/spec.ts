import { styleText } from 'node:util';
import { casesOf, type ScenarioOutcome } from './outcome.js';

/** For people: a scenario, and below it each thing that was expected and what was seen. */
export function specReport(outcomes: ScenarioOutcome[], colour: boolean): string {
  const paint = (style: 'green' | 'red' | 'dim', text: string) => (colour ? styleText(style, text) : text);
  const lines = outcomes.flatMap((outcome) => [
    `${outcome.scenario} on ${outcome.host} (${outcome.file})`,
    ...casesOf(outcome).flatMap(({ title, passed, detail }) => [
      `  ${passed ? paint('green', '✓') : paint('red', '✗')} ${title}`,
      paint('dim', `      ${detail}`),
    ]),
    '',
  ]);
  const cases = outcomes.flatMap(casesOf);
  const failed = cases.filter((each) => !each.passed).length;
  return [...lines, `${cases.length - failed} passed, ${failed} failed`].join('\n');
}
