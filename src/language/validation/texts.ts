import { type AstNode, CstUtils, GrammarUtils, type LeafCstNode } from 'langium';
import {
  type Declaration,
  type Import,
  isBootClause,
  isCostOverride,
  isImport,
  isIntegrationServicesClause,
} from '../generated/ast.js';
import type { Report } from './report.js';

/** A line with an odd number of quotes, or a text without anything in it; only then is it worth looking at every word. */
const SUSPECT = /^[^"\n]*"(?:[^"\n]*"[^"\n]*")*[^"\n]*$|"[^\S\n]*"/m;

/** The lexer lets a text end at the end of its line, so that a forgotten quote is one error. */
export function checkTexts(declaration: Declaration | Import, report: Report): void {
  const root = declaration.$cstNode;
  if (root === undefined || !SUSPECT.test(root.text)) return;
  for (const leaf of CstUtils.flattenCst(root)) {
    if (leaf.tokenType.name !== 'STRING') continue;
    if (!isClosed(leaf.text)) reportOpen(leaf, report);
    else if (leaf.text.slice(1, -1).trim() === '' && !mayBeEmpty(leaf))
      report('HV004', 'The text is empty.', { node: leaf.astNode, range: leaf.range });
  }
}

function reportOpen(leaf: LeafCstNode, report: Report): void {
  const node: AstNode = leaf.astNode;
  const end = leaf.range.end;
  report('HV003', 'The text has no closing quote.', {
    node,
    range: leaf.range,
    fixes: [{ title: 'Add the closing quote', edits: [{ range: { start: end, end }, newText: '"' }] }],
  });
}

function isClosed(text: string): boolean {
  return text.length > 1 && text.endsWith('"');
}

/** A command line; and names of what is looked up, of which other rules say that there is no such thing. */
function mayBeEmpty({ astNode, offset }: LeafCstNode): boolean {
  if (isImport(astNode) || isCostOverride(astNode) || isIntegrationServicesClause(astNode)) return true;
  return isBootClause(astNode) && GrammarUtils.findNodeForProperty(astNode.$cstNode, 'commandLine')?.offset === offset;
}
