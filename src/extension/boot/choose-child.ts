import { commands, window, workspace } from 'vscode';
import { whyNotStarted } from '../../model/admission.js';
import type { Child, HostModel } from '../../model/host-model.js';
import { definitionUri, nameOf } from '../command-arguments.js';
import type { Hosts } from '../hosts.js';
import { pickHost } from '../pick-host.js';
import { problemSummary, showProblems } from '../problems.js';
import { type BootResult, type ChildPlace, refused, tellRefusal } from './machine-children.js';

/** What a command for a child that need not run is called with: a file, a host and a child, as far as they are known. */
export type ChildArguments = [file?: unknown, host?: unknown, child?: unknown];

/** The machine child that the user means. Null when there is none, and a refusal when it cannot boot; both the user is told. */
export async function chooseChild(
  hosts: Hosts,
  ...[file, hostName, childName]: ChildArguments
): Promise<ChildPlace | BootResult | null> {
  const uri = definitionUri(file);
  if (!uri) return null;
  if (!workspace.isTrusted) return askForTrust();
  const name = nameOf(hostName) ?? (await pickHost(hosts, uri));
  if (name === null) return null;
  const answer = await hosts.model(uri, name);
  if (!answer.ok) {
    void showProblems(name, answer.problems);
    return refused(problemSummary(name, answer.problems));
  }
  const child = await pickChild(answer.model, nameOf(childName));
  if (child === null) return null;
  const refusal = whyNotStarted(answer.model, child);
  return refusal === null ? { uri, host: answer.model, child } : tellRefusal(refusal);
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
