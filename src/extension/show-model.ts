import { commands, EventEmitter, type ExtensionContext, Uri, ViewColumn, window, workspace } from 'vscode';
import { definitionUri, nameOf } from './command-arguments.js';
import type { Hosts } from './hosts.js';
import { pickHost } from './pick-host.js';
import { problemSummary } from './problems.js';

const COMMAND = 'hvhost.showModel';
const SCHEME = 'hvhost-model';

/** The host model as the engine reads it, as JSON in a read-only document that follows the saved definition. */
export function registerShowModel(context: ExtensionContext, hosts: Hosts): void {
  const changed = new EventEmitter<Uri>();
  const provider = {
    onDidChange: changed.event,
    provideTextDocumentContent: async (address: Uri) => {
      const host = hostOf(address);
      const answer = await hosts.model(Uri.parse(address.query), host);
      return answer.ok
        ? JSON.stringify(answer.model, null, 2)
        : JSON.stringify({ error: problemSummary(host, answer.problems) }, null, 2);
    },
  };
  context.subscriptions.push(
    changed,
    workspace.registerTextDocumentContentProvider(SCHEME, provider),
    workspace.onDidSaveTextDocument(() => {
      for (const { uri } of workspace.textDocuments) if (uri.scheme === SCHEME) changed.fire(uri);
    }),
    commands.registerCommand(COMMAND, async (file?: unknown, host?: unknown) => {
      const uri = definitionUri(file);
      if (!uri) return;
      const name = nameOf(host) ?? (await pickHost(hosts, uri));
      if (name === null) return;
      const address = Uri.from({ scheme: SCHEME, path: `/${name}.json`, query: uri.toString() });
      await window.showTextDocument(await workspace.openTextDocument(address), {
        viewColumn: ViewColumn.Beside,
        preview: true,
      });
    }),
  );
}

function hostOf(address: Uri): string {
  return address.path.slice(1, -'.json'.length);
}
