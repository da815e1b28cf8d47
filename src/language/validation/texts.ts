import { type AstNode, CstUtils } from 'langium';
import type { HvhostFile } from '../generated/ast.js';
import type { Report } from './report.js';

/** The lexer lets a text end at the end of its line, so that a forgotten quote is one error. */
export function checkTextsAreClosed(file: HvhostFile, report: Report): void {
  const root = file.$cstNode;
  if (root === undefined || !root.root.fullText.includes('"')) return;
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
