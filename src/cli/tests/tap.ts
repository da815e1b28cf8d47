import { type Outcome, suiteOf } from './outcome.js';

/** Test Anything Protocol, version 13. */
export function tapReport(outcomes: Outcome[]): string {
  const cases = outcomes
    .map(suiteOf)
    .flatMap(({ name, cases }) => cases.map((each) => ({ ...each, title: `${name}: ${each.title}` })));
  const lines = cases.flatMap(({ title, verdict, detail }, index) => [
    `${verdict === 'passed' ? 'ok' : 'not ok'} ${index + 1} - ${title.replaceAll('#', '\\#')}`,
    ...(verdict === 'passed' ? [] : ['  ---', `  message: ${JSON.stringify(detail)}`, '  ...']),
  ]);
  return ['TAP version 13', `1..${cases.length}`, ...lines].join('\n');
}
