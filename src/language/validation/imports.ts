import { AstUtils, type LangiumDocument, type LangiumDocuments } from 'langium';
import {
  type HvhostFile,
  type Import,
  isHardwareDeclaration,
  isHostDeclaration,
  isWorkloadDeclaration,
} from '../generated/ast.js';
import { fileOf, importUri, reachableDocuments } from '../scoping/imports.js';
import type { Report } from './report.js';

export function checkImports(file: HvhostFile, documents: LangiumDocuments, report: Report): void {
  for (const node of file.imports) if (node.path !== undefined) checkImport(node, documents, report);
  checkImportedNames(file, documents, report);
}

/** What a file declares itself hides what it imports; of two imports the first counts, which nobody sees. */
function checkImportedNames(file: HvhostFile, documents: LangiumDocuments, report: Report): void {
  const own = new Set(namesIn(file));
  const importOf = new Map<string, Import>();
  for (const node of file.imports) {
    const imported = fileOf(documentOf(node, documents));
    const known = namesIn(imported).filter((name) => !own.has(name));
    const taken = known.find((name) => isOfAnotherFile(importOf.get(name), node));
    const first = taken === undefined ? undefined : importOf.get(taken);
    if (first) {
      const message = `'${first.path}' declares ${taken}, too, and that one counts.`;
      report('HV113', message, { node, property: 'path' });
    }
    for (const name of known) if (!importOf.has(name)) importOf.set(name, node);
  }
}

function isOfAnotherFile(first: Import | undefined, second: Import): boolean {
  return first !== undefined && importUri(first)?.toString() !== importUri(second)?.toString();
}

/** What an import brings, as people call it: "hardware 'Box'". */
function namesIn(file: HvhostFile | undefined): string[] {
  const declarations = file?.declarations ?? [];
  return declarations.flatMap((each) => {
    if (isHardwareDeclaration(each)) return `hardware '${each.name}'`;
    if (isHostDeclaration(each)) return `host '${each.name}'`;
    return isWorkloadDeclaration(each) ? `workload '${each.name}'` : [];
  });
}

function documentOf(node: Import, documents: LangiumDocuments): LangiumDocument | undefined {
  const uri = importUri(node);
  return uri && documents.getDocument(uri);
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
