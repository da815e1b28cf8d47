import { commands, type ExtensionContext, type Uri, window, workspace } from 'vscode';
import { BOOT_CHILD_COMMAND, type BootChildArguments } from '../../language/requests.js';
import { MachineError } from '../../machine-host/machine-error.js';
import { whyNotStarted } from '../../model/admission.js';
import type { Child, HostModel } from '../../model/host-model.js';
import type { MachineOutcome } from '../../protocol/machine.js';
import type { Hosts } from '../hosts.js';
import { pickHost } from '../pick-host.js';
import type { Platform } from '../platform.js';
import { problemSummary, showProblems } from '../problems.js';
import { definitionUri } from '../run/run-commands.js';
import { BootedChild } from './booted-child.js';
import { type GuestFiles, openGuestFiles } from './guest-files.js';
import { type JoinedNetwork, SharedNetworks } from './shared-networks.js';

/** What the command resolves to when the machine has ended, or was refused. */
export interface BootResult extends MachineOutcome {
  /** What the guest printed; the end of it where it was very much. */
  console: string;
}

/** `Boot Child`: resolves to null when the user chose none. */
export function registerBoot(context: ExtensionContext, hosts: Hosts, platform: Platform): void {
  const booted = new Map<string, BootedChild>();
  const running = new Map<string, Promise<BootResult>>();
  const networks = new SharedNetworks();

  const boot = async (uri: Uri, host: HostModel, child: Child): Promise<BootResult> => {
    const { files, release } = await openGuestFiles(uri, child);
    try {
      return await bootOn(networks.join(uri, host), uri, host, child, files);
    } finally {
      release();
    }
  };

  const bootOn = async (
    network: JoinedNetwork,
    uri: Uri,
    host: HostModel,
    child: Child,
    files: GuestFiles,
  ): Promise<BootResult> => {
    try {
      const console = consoleOf(uri, host, child);
      console.show();
      const outcome = await console.boot(context, platform, child, files, network.shared);
      return { ...outcome, console: console.printed };
    } finally {
      network.leave();
    }
  };

  const consoleOf = (uri: Uri, host: HostModel, child: Child): BootedChild => {
    const key = keyOf(uri, host, child);
    const open = booted.get(key);
    if (open) return open;
    const args: BootChildArguments = [uri.toString(), host.name, child.name];
    const again = () => void commands.executeCommand(BOOT_CHILD_COMMAND, ...args);
    const made = new BootedChild(child.name, again, () => booted.delete(key));
    booted.set(key, made);
    return made;
  };

  /** A child that runs already is shown, not booted twice. */
  const bootOnce = (uri: Uri, host: HostModel, child: Child): Promise<BootResult> => {
    const key = keyOf(uri, host, child);
    const current = running.get(key);
    if (current) {
      booted.get(key)?.show();
      return current;
    }
    const result = boot(uri, host, child)
      .catch(refusalOf)
      .finally(() => running.delete(key));
    running.set(key, result);
    return result;
  };

  context.subscriptions.push(
    commands.registerCommand(BOOT_CHILD_COMMAND, async (file?: Uri | string, hostName?: string, childName?: string) => {
      const uri = definitionUri(file);
      if (!uri) return null;
      if (!workspace.isTrusted) return askForTrust();
      const name = hostName ?? (await pickHost(hosts, uri));
      if (name === null) return null;
      const answer = await hosts.model(uri, name);
      if (!answer.ok) {
        void showProblems(name, answer.problems);
        return refused(problemSummary(name, answer.problems));
      }
      const child = await pickChild(answer.model, childName);
      if (child === null) return null;
      const refusal = whyNotStarted(answer.model, child);
      return refusal === null ? bootOnce(uri, answer.model, child) : tellRefusal(refusal);
    }),
    {
      dispose: () => {
        for (const child of [...booted.values()]) child.dispose();
      },
    },
  );
}

async function pickChild(host: HostModel, name: string | undefined): Promise<Child | null> {
  const machines = host.children.filter((child) => child.kind === 'machine');
  const named = machines.find((child) => child.name === name);
  if (named !== undefined) return named;
  const [only, ...others] = machines;
  if (name !== undefined || only === undefined) {
    const which = name === undefined ? 'No child' : `No child '${name}'`;
    void window.showWarningMessage(
      `${which} of ${host.name} boots a kernel; give one a line such as: boots kernel "vmlinuz"`,
    );
    return null;
  }
  if (others.length === 0) return only;
  const names = machines.map((child) => child.name);
  const picked = await window.showQuickPick(names, { title: `Children of ${host.name} that boot a kernel` });
  return machines.find((child) => child.name === picked) ?? null;
}

/** A kernel is code of the workspace, even where it only reaches an emulated processor. */
function askForTrust(): BootResult {
  const message = 'A workspace boots no kernel before you trust it.';
  const manage = 'Manage Workspace Trust';
  void window.showWarningMessage(message, manage).then((choice) => {
    if (choice === manage) void commands.executeCommand('workbench.trust.manage');
  });
  return refused(message);
}

function tellRefusal(message: string): BootResult {
  void window.showErrorMessage(message);
  return refused(message);
}

function refusalOf(error: unknown): BootResult {
  if (error instanceof MachineError) return tellRefusal(error.message);
  throw error;
}

function refused(detail: string): BootResult {
  return { why: 'refused', detail, console: '' };
}

function keyOf(uri: Uri, host: HostModel, child: Child): string {
  return `${uri.toString()}#${host.name}/${child.name}`;
}
