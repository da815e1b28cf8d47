import * as vscode from 'vscode';
import { WAIT_MS } from '../../vscode/limits.mjs';

/** Waits for the event after which `ready` gives a value; the runner's time limit ends a wait in vain. */
function waitFor<T>(event: vscode.Event<unknown>, ready: () => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const subscription = event(check);
    check();
    function check(): void {
      const value = ready();
      if (value === undefined) return;
      subscription.dispose();
      resolve(value);
    }
  });
}

/** Asks again and again, with turns for others in between, until it is so: for what VS Code does not tell by an event. */
export async function askUntil(isSo: () => Promise<boolean>): Promise<void> {
  // Who went on asking after its test has failed would disturb the following ones.
  for (const end = Date.now() + WAIT_MS; Date.now() < end; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve));
  }
  throw new Error('What was asked for did not come.');
}

export function errorsOf(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter((diagnostic) => diagnostic.severity === vscode.DiagnosticSeverity.Error);
}

export function waitForErrors(uri: vscode.Uri, count: (errors: number) => boolean): Promise<vscode.Diagnostic[]> {
  return waitFor(vscode.languages.onDidChangeDiagnostics, () => {
    const errors = errorsOf(uri);
    return count(errors.length) ? errors : undefined;
  });
}

export function waitForPanel(title: string): Promise<vscode.Tab> {
  return waitFor(vscode.window.tabGroups.onDidChangeTabs, () => panelOf(title));
}

function panelOf(title: string): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .find((tab) => tab.label === title && tab.input instanceof vscode.TabInputWebview);
}

/** Takes the first entry of the list that the user is to pick from, which opens a panel; VS Code does not say when a list is there. */
export async function acceptPick(panel: string): Promise<void> {
  await askUntil(async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return panelOf(panel) !== undefined;
  });
}

/** The last of `count` terminals of that name. */
export function waitForTerminal(name: string, count = 1): Promise<vscode.Terminal> {
  return waitFor(
    vscode.window.onDidOpenTerminal,
    () => vscode.window.terminals.filter((each) => each.name === name)[count - 1],
  );
}

export async function closeTerminals(): Promise<void> {
  for (const terminal of vscode.window.terminals) terminal.dispose();
  await waitFor(vscode.window.onDidCloseTerminal, () => (vscode.window.terminals.length === 0 ? true : undefined));
}
