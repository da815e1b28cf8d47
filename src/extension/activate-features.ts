import type { ExtensionContext } from 'vscode';
import { registerBoot } from './boot/boot-command.js';
import { registerChildCommands } from './boot/child-commands.js';
import { MachineChildren } from './boot/machine-children.js';
import { registerImportHost } from './import-host.js';
import { startLanguageClient } from './language-client.js';
import { registerNewHost } from './new-host.js';
import { HostPanels } from './panel/host-panels.js';
import type { Platform } from './platform.js';
import { registerReport } from './report-command.js';
import { registerRunCommands } from './run/run-commands.js';
import { registerShowModel } from './show-model.js';

/** Everything the extension does, the same on every platform. Features register at once and wait for the server themselves. */
export async function activateFeatures(context: ExtensionContext, platform: Platform): Promise<void> {
  const { hosts, ready } = startLanguageClient(context, platform);
  const panels = new HostPanels(context, platform, hosts);
  context.subscriptions.push(panels);
  registerRunCommands(context, hosts, panels);
  const children = new MachineChildren(context, platform);
  context.subscriptions.push(
    children,
    registerBoot(hosts, children),
    ...registerChildCommands(context, hosts, children),
  );
  registerReport(context, panels);
  registerShowModel(context, hosts);
  registerNewHost(context);
  registerImportHost(context);
  await ready;
}
