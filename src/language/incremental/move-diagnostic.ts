import type { Diagnostic, Range } from 'vscode-languageserver';
import type { RuleData } from '../validation/report.js';

/** A diagnostic some lines further down, with its fixes; a negative number is further up. */
export function moveDiagnostic(diagnostic: Diagnostic, lines: number): Diagnostic {
  const moved = { ...diagnostic, range: moveRange(diagnostic.range, lines) };
  if (!isRuleData(diagnostic.data)) return moved;
  const fixes = diagnostic.data.fixes.map(({ title, edits }) => ({
    title,
    edits: edits.map((edit) => ({ ...edit, range: moveRange(edit.range, lines) })),
  }));
  return { ...moved, data: { ...diagnostic.data, fixes } };
}

function moveRange({ start, end }: Range, lines: number): Range {
  return {
    start: { line: start.line + lines, character: start.character },
    end: { line: end.line + lines, character: end.character },
  };
}

function isRuleData(data: unknown): data is RuleData {
  return typeof data === 'object' && data !== null && 'fixes' in data;
}
