import { styleText } from 'node:util';
import { count, type Problem } from './problem.js';

/** A line for each problem, in the form that terminals and editors turn into links, and the source below it. */
export function textReport(
  problems: Problem[],
  files: number,
  sourceOf: (path: string) => string,
  colour: boolean,
): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) => (colour ? styleText(style, text) : text);
  const lines = problems.flatMap((problem) => {
    const label = paint(STYLES[problem.severity], problem.severity);
    const code = problem.code === '' ? '' : ` ${problem.code}`;
    return [
      `${problem.path}:${problem.line}:${problem.column}: ${label}${code}: ${problem.message}`,
      ...frame(problem, sourceOf(problem.path)).map((line) => paint('dim', line)),
    ];
  });
  return [...lines, summary(problems, files)].join('\n');
}

const STYLES = { error: 'red', warning: 'yellow', info: 'blue', hint: 'gray' } as const;
const MAX_WIDTH = 120;

/** The line at fault, with a mark below what is meant. */
function frame(problem: Problem, source: string): string[] {
  const text = source.split(/\r?\n/, problem.line)[problem.line - 1];
  if (text === undefined || text.trim() === '' || text.length > MAX_WIDTH) return [];
  const end = problem.endLine === problem.line ? problem.endColumn : text.length + 1;
  const gutter = `${problem.line}`.padStart(5);
  const width = Math.max(1, Math.min(end, text.length + 1) - problem.column);
  const indent = text.slice(0, problem.column - 1).replaceAll(/[^\t]/g, ' ');
  return [`${gutter} | ${text}`, `${' '.repeat(5)} | ${indent}${'^'.repeat(width)}`];
}

function summary(problems: Problem[], files: number): string {
  const parts = (['error', 'warning', 'info', 'hint'] as const)
    .map((severity) => [severity, count(problems, severity)] as const)
    .filter(([severity, number]) => number > 0 || severity === 'error')
    .map(([severity, number]) => plural(number, severity));
  return `${plural(files, 'file')} checked: ${parts.join(', ')}`;
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 || noun === 'info' ? '' : 's'}`;
}
