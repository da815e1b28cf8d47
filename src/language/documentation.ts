import type { AstNode, DocumentationProvider } from 'langium';

/** The comment directly above a declaration, be it lines of `//` or a block, is its documentation. */
export class HvhostDocumentationProvider implements DocumentationProvider {
  getDocumentation(node: AstNode): string | undefined {
    return documentationOf(node);
  }
}

/** Undefined when there is no comment directly above, without a blank line between. */
export function documentationOf(node: AstNode): string | undefined {
  const cst = node.$cstNode;
  if (!cst) return undefined;
  const text = cst.root.fullText;
  const above = text.slice(0, text.lastIndexOf('\n', cst.offset - 1) + 1).split('\n');
  above.pop();
  const lines = above.at(-1)?.trimEnd().endsWith('*/') ? blockComment(above) : lineComments(above);
  const documentation = lines.join('\n').trim();
  return documentation === '' ? undefined : documentation;
}

function lineComments(above: string[]): string[] {
  const lines: string[] = [];
  for (let line = above.pop()?.trim(); line?.startsWith('//'); line = above.pop()?.trim()) {
    lines.unshift(line.replace(/^\/\/+ ?/, ''));
  }
  return lines;
}

function blockComment(above: string[]): string[] {
  const lines: string[] = [];
  for (let line = above.pop()?.trim(); line !== undefined; line = above.pop()?.trim()) {
    lines.unshift(
      line
        .replace(/^\/\*+ ?/, '')
        .replace(/ ?\*+\/$/, '')
        .replace(/^\* ?/, ''),
    );
    // A block that begins behind a statement belongs to that statement.
    if (line.includes('/*')) return line.startsWith('/*') ? lines : [];
  }
  return [];
}
