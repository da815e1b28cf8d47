import { commands, type ExtensionContext, type Uri } from 'vscode';
import { RUN_HOST_COMMAND, RUN_SCENARIO_COMMAND } from '../../language/requests.js';
import type { RunResult } from '../../protocol/run-result.js';
import { definitionUri, nameOf } from '../command-arguments.js';
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
    commands.registerCommand(RUN_HOST_COMMAND, async (file?: unknown, host?: unknown) => {
      const uri = definitionUri(file);
      if (!uri) return null;
      const name = nameOf(host) ?? (await pickHost(hosts, uri));
      return name === null ? null : run(uri, name, null);
    }),
    commands.registerCommand(RUN_SCENARIO_COMMAND, async (file?: unknown, host?: unknown, scenario?: unknown) => {
      const uri = definitionUri(file);
      if (!uri) return null;
      const [hostName, name] = [nameOf(host), nameOf(scenario)];
      const isNamed = hostName !== undefined && name !== undefined;
      const chosen = isNamed ? { host: hostName, name } : await pickScenario(hosts, uri, hostName);
      return chosen === null ? null : run(uri, chosen.host, chosen.name);
    }),
  );
}
