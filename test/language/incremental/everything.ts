/** All that the services know of a document, as plain data: two documents that mean the same give the same. */
import {
  type AstNode,
  AstUtils,
  type CstNode,
  isAstNode,
  isLeafCstNode,
  isReference,
  type LangiumDocument,
} from 'langium';
import { hostsOfFile } from '../../../src/language/hosts-of-file.js';
import { lowerHost } from '../../../src/language/lowering/lower-host.js';
import type { HvhostServices } from '../../../src/language/module.js';
import { fileOf } from '../../../src/language/scoping/imports.js';
import { isRunnableHost } from '../../../src/language/soundness.js';

export function everythingAbout(document: LangiumDocument, { hvhost, shared }: HvhostServices): object {
  const { value, lexerErrors, parserErrors } = document.parseResult;
  const locator = hvhost.workspace.AstNodeLocator;
  const file = fileOf(document);

  const describeNode = (node: AstNode): object => {
    const properties = Object.entries(node).filter(([name]) => !name.startsWith('$') || name === '$type');
    return {
      path: locator.getAstNodePath(node),
      container: node.$container && locator.getAstNodePath(node.$container),
      cst: node.$cstNode && placeOf(node.$cstNode),
      owner: node.$cstNode && locator.getAstNodePath(node.$cstNode.astNode),
      ...Object.fromEntries(properties.map(([name, each]) => [name, describeValue(each)])),
    };
  };
  const describeValue = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(describeValue);
    if (isReference(each)) {
      const target = each.ref;
      return {
        text: each.$refText,
        place: each.$refNode && placeOf(each.$refNode),
        error: each.error?.message,
        target: target && `${AstUtils.getDocument(target).uri}#${locator.getAstNodePath(target)}`,
        known: target && AstUtils.getDocument(target).parseResult.value === AstUtils.findRootNode(target),
      };
    }
    return isAstNode(each) ? describeNode(each) : each;
  };

  return {
    ast: describeNode(value),
    cst: value.$cstNode && describeCst(value.$cstNode),
    lexerErrors: lexerErrors.map(({ offset, line, column, length, message }) => [
      offset,
      line,
      column,
      length,
      message,
    ]),
    parserErrors: parserErrors.map((error) => [
      error.message,
      describeToken(error.token),
      'previousToken' in error ? describeToken(error.previousToken as typeof error.token) : null,
    ]),
    diagnostics: document.diagnostics,
    references: document.references.length,
    exports: shared.workspace.IndexManager.allElements(undefined, new Set([document.uri.toString()]))
      .map(({ name, type, path, nameSegment, selectionSegment }) => ({
        name,
        type,
        path,
        nameSegment,
        selectionSegment,
      }))
      .toArray(),
    models: file && hostsOfFile(file).map((host) => isRunnableHost(host, file) && lowerHost(host, file)),
  };
}

function placeOf({ offset, end, length, range, text }: CstNode): object {
  return { offset, end, length, range, text };
}

function describeCst(node: CstNode): object {
  const own = { ...placeOf(node), hidden: node.hidden, source: node.grammarSource?.$cstNode?.offset };
  if (isLeafCstNode(node)) return { ...own, token: node.tokenType.name };
  return { ...own, content: 'content' in node ? (node.content as CstNode[]).map(describeCst) : [] };
}

function describeToken(
  token:
    | {
        startOffset: number;
        startLine?: number;
        startColumn?: number;
        endLine?: number;
        endColumn?: number;
        endOffset?: number;
        image: string;
      }
    | undefined,
): unknown {
  return (
    token && [
      token.image,
      token.startOffset,
      token.endOffset,
      token.startLine,
      token.startColumn,
      token.endLine,
      token.endColumn,
    ]
  );
}
