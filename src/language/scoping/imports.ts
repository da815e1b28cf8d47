import { AstUtils, type LangiumDocument, type LangiumDocuments, type URI, UriUtils } from 'langium';
import { type HvhostFile, type Import, isHvhostFile } from '../generated/ast.js';

/** Where an import points to; undefined for an empty path and for anything but a `.hvhost` file. */
export function importUri(node: Import): URI | undefined {
  const path = (node.path ?? '').replaceAll('\\', '/');
  if (!path.endsWith('.hvhost')) return undefined;
  return UriUtils.resolvePath(UriUtils.dirname(AstUtils.getDocument(node).uri), path);
}

/** The files a file imports directly, in the order of the file. */
export function importUris(document: LangiumDocument): URI[] {
  const file = document.parseResult.value;
  if (!isHvhostFile(file)) return [];
  return file.imports.flatMap((node) => importUri(node) ?? []);
}

/** The file of a document; undefined while it is not parsed yet. */
export function fileOf(document: LangiumDocument | undefined): HvhostFile | undefined {
  return document && isHvhostFile(document.parseResult.value) ? document.parseResult.value : undefined;
}

/** The documents that can be reached from a document through imports, without the document itself. Cycles are walked once. */
export function reachableDocuments(document: LangiumDocument, documents: LangiumDocuments): LangiumDocument[] {
  const seen = new Set([document.uri.toString()]);
  const reached: LangiumDocument[] = [];
  const queue = [document];
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const uri of importUris(next)) {
      const imported = documents.getDocument(uri);
      if (!imported || seen.has(uri.toString())) continue;
      seen.add(uri.toString());
      reached.push(imported);
      queue.push(imported);
    }
  }
  return reached;
}
