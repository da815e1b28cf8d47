import { commands, type ExtensionContext, type Uri } from 'vscode';
import type { HostPanels } from './panel/host-panels.js';
import { exportReport } from './report.js';

const COMMAND = 'hvhost.exportReport';

/** Saves the last finished run as one HTML page; the target may be given, else the user chooses it. */
export function registerReport(context: ExtensionContext, panels: HostPanels): void {
  context.subscriptions.push(
    commands.registerCommand(COMMAND, (target?: Uri) =>
      exportReport(context, panels.latest?.run?.recording() ?? null, panels.latest?.uri ?? null, target),
    ),
  );
}
