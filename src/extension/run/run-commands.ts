import { commands, type ExtensionContext, Uri, window } from 'vscode';
import { RUN_HOST_COMMAND, RUN_SCENARIO_COMMAND } from '../../language/requests.js';
import type { RunResult } from '../../protocol/run-result.js';
import type { Hosts } from '../hosts.js';
import type { HostPanels } from '../panel/host-panels.js';
import { pickHost } from '../pick-host.js';
import { showProblems } from '../problems.js';
import { pickScenario } from './pick-scenario.js';

/** Both commands resolve when the run is over: with its result, or null when it did not finish. */
export function registerRunCommands(context: ExtensionContext, hosts: Hosts, panels: HostPanels): void {
  const run = async (uri: Uri, host: string, scenario: string | null): Promise<RunResult | null> => {
    const answer = await hosts.model(uri, host);
    if (!answer.ok) {
      void showProblems(host, answer.problems);
      return null;
    }
    const ended = await panels.show(uri, host).start(answer.model, scenario);
    return ended.type === 'finished' ? ended.result : null;
  };

  context.subscriptions.push(
    commands.registerCommand(RUN_HOST_COMMAND, async (file?: Uri | string, host?: string) => {
      const uri = definitionUri(file);
      if (!uri) return null;
      const name = host ?? (await pickHost(hosts, uri));
      return name === null ? null : run(uri, name, null);
    }),
    commands.registerCommand(RUN_SCENARIO_COMMAND, async (file?: Uri | string, host?: string, scenario?: string) => {
      const uri = definitionUri(file);
      if (!uri) return null;
      const chosen =
        host !== undefined && scenario !== undefined ? { host, name: scenario } : await pickScenario(hosts, uri, host);
      return chosen === null ? null : run(uri, chosen.host, chosen.name);
    }),
  );
}

/** The file of a lens or a menu, or that of the active editor. */
export function definitionUri(file: Uri | string | undefined): Uri | null {
  if (file !== undefined) return typeof file === 'string' ? Uri.parse(file) : file;
  const document = window.activeTextEditor?.document;
  if (document?.languageId === 'hvhost') return document.uri;
  void window.showWarningMessage('Open a .hvhost file first.');
  return null;
}
