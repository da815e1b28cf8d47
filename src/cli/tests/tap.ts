import { casesOf, type ScenarioOutcome } from './outcome.js';

/** Test Anything Protocol, version 13. */
export function tapReport(outcomes: ScenarioOutcome[]): string {
  const cases = outcomes.flatMap((outcome) =>
    casesOf(outcome).map((each) => ({ ...each, title: `${outcome.host} ${outcome.scenario}: ${each.title}` })),
  );
  const lines = cases.flatMap(({ title, passed, detail }, index) => [
    `${passed ? 'ok' : 'not ok'} ${index + 1} - ${title.replaceAll('#', '\\#')}`,
    ...(passed ? [] : ['  ---', `  message: ${JSON.stringify(detail)}`, '  ...']),
  ]);
  return ['TAP version 13', `1..${cases.length}`, ...lines].join('\n');
}
