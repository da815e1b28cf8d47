import { type AstNode, CstUtils } from 'langium';
import type { Declaration, Import } from '../generated/ast.js';
import type { Report } from './report.js';

/** A line with an odd number of quotes; only then is it worth looking at every word. */
const ODD_QUOTES = /^[^"\n]*"(?:[^"\n]*"[^"\n]*")*[^"\n]*$/m;

/** The lexer lets a text end at the end of its line, so that a forgotten quote is one error. */
export function checkTextsAreClosed(declaration: Declaration | Import, report: Report): void {
  const root = declaration.$cstNode;
  if (root === undefined || !ODD_QUOTES.test(root.text)) return;
  for (const leaf of CstUtils.flattenCst(root)) {
    if (leaf.tokenType.name !== 'STRING' || isClosed(leaf.text)) continue;
    const node: AstNode = leaf.astNode;
    const end = leaf.range.end;
    report('HV003', 'The text has no closing quote.', {
      node,
      range: leaf.range,
      fixes: [{ title: 'Add the closing quote', edits: [{ range: { start: end, end }, newText: '"' }] }],
    });
  }
}

function isClosed(text: string): boolean {
  return text.length > 1 && text.endsWith('"');
}
