import { isMet, type PublishedFigure } from './figure.js';

export interface MeasuredFigure extends PublishedFigure {
  seen: number;
}

/** The page docs/published-figures.md. */
export function publishedFiguresPage(figures: readonly MeasuredFigure[]): string {
  const met = figures.filter(isMet);
  const predicted = figures.filter(({ role }) => role === 'predicted');
  return `${[
    '# Published figures',
    '',
    'What others have published about hypervisors, and what the engine gives for the same. **Defined**: the documents say that',
    'it is so. **Calibrated**: a cost row was set to it, so that it agrees by construction. **Predicted**: nothing was set to it.',
    'Met means within 1 % of what was published. No row is tuned to pass; where one is not met the remark says how ours comes',
    'about. What the source is worth (documented, secondary, recalled) stands behind it.',
    '',
    'This page is made by running the rows: `UPDATE_GOLDEN=1 npx mocha test/published/*.test.ts`. A test holds it to them.',
    '',
    `${met.length} of ${figures.length} are met; of the ${predicted.length} predicted ones, ${predicted.filter(isMet).length}.`,
    '',
    '| Figure | Published | Ours | Role | Met | Source |',
    '| --- | --- | --- | --- | --- | --- |',
    ...figures.map(row),
    '',
    ...figures.flatMap(({ title, remark }) => (remark ? [`- ${title}: ${remark}`] : [])),
  ].join('\n')}\n`;
}

function row(figure: MeasuredFigure): string {
  const { title, unit, lowest, highest, role, source, standing, seen } = figure;
  const published = lowest === highest ? amount(lowest) : `${amount(lowest)} to ${amount(highest)}`;
  const met = isMet(figure) ? 'yes' : '**no**';
  return `| ${title} | ${published} ${unit} | ${amount(seen)} ${unit} | ${role} | ${met} | ${source} (${standing}) |`;
}

function amount(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2).replace(/\.?0+$/, '');
}
