import { commands, type ExtensionContext, Uri, workspace } from 'vscode';
import type { HostPanels } from './panel/host-panels.js';
import { exportReport } from './report.js';

const COMMAND = 'hvhost.exportReport';

/** Saves the last finished run as one HTML page; the target may be given, else the user chooses it. A menu gives its panel. */
export function registerReport(context: ExtensionContext, panels: HostPanels): void {
  context.subscriptions.push(
    commands.registerCommand(COMMAND, (target?: unknown) => {
      const file = target instanceof Uri && workspace.fs.isWritableFileSystem(target.scheme) ? target : undefined;
      return exportReport(context, panels.latest?.run?.recording() ?? null, panels.latest?.uri ?? null, file);
    }),
  );
}
