import { commands, type ExtensionContext, Uri, window, workspace } from 'vscode';
import { ImportError } from '../language/powershell/import/import-error.js';
import { importHost } from '../language/powershell/import/import-host.js';
import { fileName } from './pick-host.js';

const COMMAND = 'hvhost.importHost';

/** A definition of an existing host, in a file that is not saved yet. Without a file it asks for one. */
export function registerImportHost(context: ExtensionContext): void {
  context.subscriptions.push(
    commands.registerCommand(COMMAND, async (file?: Uri) => {
      const source = file instanceof Uri ? file : await chooseFile();
      if (source === undefined) return;
      const content = await definitionOf(source);
      if (content === null) return;
      await window.showTextDocument(await workspace.openTextDocument({ language: 'hvhost', content }));
      await commands.executeCommand('editor.action.formatDocument');
    }),
  );
}

async function chooseFile(): Promise<Uri | undefined> {
  const chosen = await window.showOpenDialog({
    title: 'The JSON that the import script has written on the host',
    openLabel: 'Import',
    filters: { JSON: ['json'] },
  });
  return chosen?.[0];
}

/** Null where the document cannot be imported; the user has been told why. */
async function definitionOf(source: Uri): Promise<string | null> {
  try {
    return importHost(await workspace.fs.readFile(source));
  } catch (error) {
    const reason = error instanceof ImportError ? error.message : `it cannot be read (${error})`;
    void window.showErrorMessage(`${fileName(source)}: ${reason}`);
    return null;
  }
}
