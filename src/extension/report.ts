import { type ExtensionContext, env, Uri, window, workspace } from 'vscode';
import type { Recording } from '../protocol/report.js';
import { reportHtml } from '../protocol/report.js';

/** Saves a finished run as one HTML page; the target may be given, else the user chooses it. */
export async function exportReport(
  context: ExtensionContext,
  recording: Recording | null,
  definition: Uri | null,
  chosen?: Uri,
): Promise<void> {
  if (!recording) {
    void window.showWarningMessage('There is no finished run to report. Run a host first.');
    return;
  }
  const name = `${recording.picture.model.name}.html`;
  const target =
    chosen ??
    (await window.showSaveDialog({
      title: 'Save Report',
      defaultUri: definition ? Uri.joinPath(definition, '..', name) : undefined,
      filters: { 'Web page': ['html'] },
    }));
  if (!target) return;
  const page = reportHtml(recording, await readAssets(context));
  await workspace.fs.writeFile(target, new TextEncoder().encode(page));
  if (!chosen) await offerToOpen(target);
}

async function readAssets(context: ExtensionContext): Promise<{ script: string; style: string }> {
  const read = async (name: string) =>
    new TextDecoder().decode(await workspace.fs.readFile(Uri.joinPath(context.extensionUri, 'dist/webview', name)));
  const [script, style] = await Promise.all([read('panel.js'), read('panel.css')]);
  return { script, style };
}

async function offerToOpen(report: Uri): Promise<void> {
  const open = 'Open in Browser';
  // Only a file on this machine has an address that a browser understands.
  const choices = report.scheme === 'file' ? [open] : [];
  const choice = await window.showInformationMessage('The report is saved.', ...choices);
  if (choice === open) await env.openExternal(report);
}
