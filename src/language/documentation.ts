import type { AstNode, DocumentationProvider } from 'langium';

/** The comment directly above a declaration, be it lines of `//` or a block, is its documentation. */
export class HvhostDocumentationProvider implements DocumentationProvider {
  getDocumentation(node: AstNode): string | undefined {
    return documentationOf(node);
  }
}

/** Undefined when there is no comment directly above, without a blank line between, or when it does not begin its line. */
export function documentationOf(node: AstNode): string | undefined {
  const cst = node.$cstNode;
  if (!cst) return undefined;
  const text = cst.root.fullText;
  // Whatever stands before it on its line is what the comment is about.
  if (text.slice(text.lastIndexOf('\n', cst.offset - 1) + 1, cst.offset).trim() !== '') return undefined;
  const above = linesAbove(text, cst.offset);
  const first = above.next().value;
  if (first === undefined) return undefined;
  const lines = first.endsWith('*/') ? blockComment(first, above) : lineComments(first, above);
  const documentation = lines.join('\n').trim();
  return documentation === '' ? undefined : documentation;
}

/** The lines before the one at an offset, the nearest first, without the blanks around them. */
function* linesAbove(text: string, offset: number): Generator<string, undefined> {
  let end = text.lastIndexOf('\n', offset - 1);
  while (end > 0) {
    const start = text.lastIndexOf('\n', end - 1);
    yield text.slice(start + 1, end).trim();
    end = start;
  }
  return undefined;
}

function lineComments(first: string, above: Iterator<string, undefined>): string[] {
  const lines: string[] = [];
  for (let line: string | undefined = first; line?.startsWith('//'); line = above.next().value) {
    lines.unshift(line.replace(/^\/\/+ ?/, ''));
  }
  return lines;
}

function blockComment(first: string, above: Iterator<string, undefined>): string[] {
  const lines: string[] = [];
  for (let line: string | undefined = first; line !== undefined; line = above.next().value) {
    const words = line.replace(/^\/\*+ ?/, '').replace(/ ?\*+\/$/, '');
    lines.unshift(words.replace(/^\* ?/, ''));
    // A block that begins behind a statement belongs to that statement.
    if (line.includes('/*')) return line.startsWith('/*') ? lines : [];
  }
  return [];
}
