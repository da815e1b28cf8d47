import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import type { Node, Parser } from '@vscode/tree-sitter-wasm';

const require = createRequire(import.meta.url);
// A CommonJS module whose names Node does not find by itself.
const treeSitter = require('@vscode/tree-sitter-wasm') as typeof import('@vscode/tree-sitter-wasm');
const GRAMMAR = '@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm';

/** PowerShell as VS Code itself reads it. */
export async function powerShellParser(): Promise<Parser> {
  await treeSitter.Parser.init();
  const parser = new treeSitter.Parser();
  parser.setLanguage(await treeSitter.Language.load(require.resolve(GRAMMAR)));
  return parser;
}

/** The syntax tree of a script that PowerShell can read; an error for any other. */
export function parse(parser: Parser, script: string): Node {
  const tree = parser.parse(script);
  assert.ok(tree);
  assert.deepEqual(faults(tree.rootNode), []);
  return tree.rootNode;
}

/** What is executed, whatever stands in texts and comments: an expression of texts alone is one text. */
export function shape(node: Node): string {
  if (node.type === 'comment') return '';
  if (isText(node)) return "'…'";
  if (node.childCount === 0) return node.text;
  return node.children
    .map((child) => shape(child!))
    .filter((part) => part !== '')
    .join(' ');
}

/** A text in quotes, a character by its number, or several added up in parentheses. */
const TEXT = /^'(?:[^']|'')*'$|^\((?:'(?:[^']|'')*'|\[char\](?:::ConvertFromUtf32\(\d+\)|\d+)| \+ )+\)$/;

function isText({ type, text }: Node): boolean {
  return (type === 'string_literal' || type === 'parenthesized_expression') && TEXT.test(text);
}

function faults(node: Node): string[] {
  if (node.isError || node.isMissing) return [`line ${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`];
  return node.hasError ? node.children.flatMap((child) => faults(child!)) : [];
}
