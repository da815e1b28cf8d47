import { DocumentState, type LangiumDocument, URI } from 'langium';
import type { HvhostServices } from '../module.js';

/** Waits for what was typed before to be checked; a file nobody opened is read. Undefined where there is none. */
export async function checkedDocument(services: HvhostServices, uri: string): Promise<LangiumDocument | undefined> {
  const { LangiumDocuments, DocumentBuilder, WorkspaceLock } = services.shared.workspace;
  await WorkspaceLock.read(() => undefined);
  const document = await LangiumDocuments.getOrCreateDocument(URI.parse(uri)).catch(() => undefined);
  // Builds every file that is not checked yet, also one whose build the lock has just cancelled.
  if (document && document.state < DocumentState.Validated)
    await WorkspaceLock.write(() => DocumentBuilder.update([], []));
  return document;
}
