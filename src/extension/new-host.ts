import { commands, type ExtensionContext, Uri, window, workspace } from 'vscode';

const COMMAND = 'hvhost.newHost';

/** A small definition that runs as it stands, in a file of its own that is not saved yet. */
export function registerNewHost(context: ExtensionContext): void {
  const example = Uri.joinPath(context.extensionUri, 'media/walkthrough/first-host.hvhost');
  context.subscriptions.push(
    commands.registerCommand(COMMAND, async () => {
      const content = new TextDecoder().decode(await workspace.fs.readFile(example));
      await window.showTextDocument(await workspace.openTextDocument({ language: 'hvhost', content }));
    }),
  );
}
