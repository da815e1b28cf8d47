import {
  type AstNode,
  type BuildOptions,
  DefaultDocumentBuilder,
  DocumentState,
  type LangiumDocument,
  type URI,
} from 'langium';
import type { CancellationToken } from 'vscode-languageserver';
import { isBlockParseResult, markOutdated } from '../incremental/blocks.js';
import { importUris, reachableDocuments } from './imports.js';

/** Builds the imported files together with the files that import them, whether an editor has them open or not. */
export class ImportLoadingDocumentBuilder extends DefaultDocumentBuilder {
  protected override async buildDocuments(
    documents: LangiumDocument[],
    options: BuildOptions,
    cancelToken: CancellationToken,
  ): Promise<void> {
    const changed = documents.filter(({ state }) => state < DocumentState.Parsed);
    // Which files are imported is known only after parsing.
    await this.runCancelable(documents, DocumentState.Parsed, cancelToken, (document) =>
      this.langiumDocumentFactory.update(document, cancelToken),
    );
    // An edited file keeps its links into others; when those changed as well, it cannot.
    if (changed.length > 1) for (const document of changed) markOutdated(document);
    const all = await this.withImports(documents);
    await super.buildDocuments(all, options, cancelToken);
  }

  /** A file that is read again may keep most of its links: reading tells which. */
  override resetToState<T extends AstNode>(document: LangiumDocument<T>, state: DocumentState): void {
    const { parseResult } = document;
    const outdated = isBlockParseResult(parseResult) && parseResult.outdated;
    super.resetToState(document, state);
    if (state === DocumentState.Changed && isBlockParseResult(parseResult)) parseResult.outdated = outdated;
  }

  /** A file that imports a changed file, directly or not, or that waits for one to appear, is linked again. */
  protected override shouldRelink(document: LangiumDocument, changedUris: Set<string>): boolean {
    const files = [document, ...reachableDocuments(document, this.langiumDocuments)];
    const imported = files.flatMap((file) => importUris(file));
    return imported.some((uri) => changedUris.has(uri.toString())) || super.shouldRelink(document, changedUris);
  }

  /** Where no file system tells what has appeared, as on the web, a definition that can be read is one. */
  protected override async findChangedUris(changed: URI): Promise<URI[]> {
    const found = await super.findChangedUris(changed);
    if (found.length > 0 || !changed.path.endsWith('.hvhost')) return found;
    return (await this.loadImport(changed)) ? [changed] : [];
  }

  private async withImports(documents: LangiumDocument[]): Promise<LangiumDocument[]> {
    const all = [...documents];
    const seen = new Set(all.map((document) => document.uri.toString()));
    for (const document of all) {
      for (const uri of importUris(document)) {
        if (seen.has(uri.toString())) continue;
        seen.add(uri.toString());
        const imported = await this.loadImport(uri);
        if (imported && imported.state < DocumentState.Validated) all.push(imported);
      }
    }
    return all;
  }

  /** Undefined when there is no such file: the check of the import says so at its place. */
  private async loadImport(uri: URI): Promise<LangiumDocument | undefined> {
    try {
      return await this.langiumDocuments.getOrCreateDocument(uri);
    } catch {
      return undefined;
    }
  }
}
