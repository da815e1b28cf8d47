import { AstUtils, type LangiumDocuments } from 'langium';
import type { HvhostFile, Import } from '../generated/ast.js';
import { importUri, reachableDocuments } from '../scoping/imports.js';
import type { Report } from './report.js';

export function checkImports(file: HvhostFile, documents: LangiumDocuments, report: Report): void {
  for (const node of file.imports) if (node.path !== undefined) checkImport(node, documents, report);
}

function checkImport(node: Import, documents: LangiumDocuments, report: Report): void {
  const place = { node, property: 'path' } as const;
  const uri = importUri(node);
  if (uri === undefined) {
    report('HV112', 'Only .hvhost files can be imported.', place);
    return;
  }
  const imported = documents.getDocument(uri);
  if (imported === undefined) {
    report('HV110', `There is no file '${node.path}' beside this one.`, place);
    return;
  }
  const own = AstUtils.getDocument(node).uri.toString();
  const closes = [imported, ...reachableDocuments(imported, documents)].some((each) => each.uri.toString() === own);
  if (closes) report('HV111', `'${node.path}' imports this file, directly or through others: a circle.`, place);
}
