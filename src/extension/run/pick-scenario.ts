import { type Uri, window } from 'vscode';
import type { Hosts } from '../hosts.js';
import { fileName } from '../pick-host.js';

/**
 * The scenario a command is about: the only one of the file, or of a host of it, or the one the user picks from a list that
 * begins where the cursor is. Null when there is none, which the user is told.
 */
export async function pickScenario(
  hosts: Hosts,
  uri: Uri,
  host?: string,
): Promise<{ host: string; name: string } | null> {
  const editor = window.activeTextEditor;
  const cursor = editor?.document.uri.toString() === uri.toString() ? editor.selection.active : undefined;
  const scenarios = (await hosts.scenarios(uri, cursor)).filter((each) => host === undefined || each.host === host);
  if (scenarios.length === 0) {
    void window.showWarningMessage(`${fileName(uri)} declares no scenario${host === undefined ? '' : ` on ${host}`}.`);
    return null;
  }
  if (scenarios.length === 1) return scenarios[0] ?? null;
  const items = scenarios.map((scenario) => ({ label: scenario.name, description: scenario.host, scenario }));
  const options = {
    title: `Scenarios of ${fileName(uri)}`,
    placeHolder: 'Choose a scenario',
    matchOnDescription: true,
  };
  return (await window.showQuickPick(items, options))?.scenario ?? null;
}
