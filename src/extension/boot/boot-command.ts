import { commands, type ExtensionContext, type Uri, window, workspace } from 'vscode';
import { BOOT_CHILD_COMMAND, type BootChildArguments } from '../../language/requests.js';
import { HostMemory } from '../../machine-host/host-memory.js';
import { HostProcessors } from '../../machine-host/host-processors.js';
import { MachineError } from '../../machine-host/machine-error.js';
import { wallClock } from '../../machine-host/wall-clock.js';
import { logicalProcessors, whyNotStarted } from '../../model/admission.js';
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

/** A machine child, and where it is declared. */
export interface ChildPlace {
  uri: Uri;
  host: HostModel;
  child: Child;
}

/** Machine children of this window. */
export interface BootedChildren {
  /** Those whose machine runs now. */
  running(): { place: ChildPlace; booted: BootedChild }[];
  /** Boots it, or goes on from a snapshot; one that runs already is shown, not booted twice. */
  boot(place: ChildPlace, snapshot?: Uint8Array<ArrayBuffer>): Promise<BootResult>;
  /** Pulls the plug of one that runs, and waits for its end. */
  turnOff(place: ChildPlace): Promise<void>;
  /** The child that the user means, in the definition that is open; null when there is none, which the user is told. */
  choose(file?: Uri | string, hostName?: string, childName?: string): Promise<ChildPlace | BootResult | null>;
}

/** `Boot Child`: resolves to null when the user chose none. */
export function registerBoot(context: ExtensionContext, hosts: Hosts, platform: Platform): BootedChildren {
  const booted = new Map<string, BootedChild>();
  const running = new Map<string, { place: ChildPlace; result: Promise<BootResult> }>();
  const processors = new Map<string, HostProcessors>();
  const memories = new Map<string, HostMemory>();
  const networks = new SharedNetworks(() => platform.startNeighbours(context));

  const processorsOf = ({ uri, host }: ChildPlace): HostProcessors => {
    const key = `${uri.toString()}#${host.name}`;
    const count = Math.min(logicalProcessors(host.hardware), platform.processors);
    const known = processors.get(key) ?? new HostProcessors(count, wallClock.nowNs);
    processors.set(key, known);
    return known;
  };

  const memoryOf = ({ uri, host }: ChildPlace): HostMemory => {
    const key = `${uri.toString()}#${host.name}`;
    const known = memories.get(key);
    if (known !== undefined && !known.idle) return known;
    const memory = new HostMemory(host, wallClock.nowNs);
    memories.set(key, memory);
    return memory;
  };

  const bootOnce = async (place: ChildPlace, snapshot: Uint8Array<ArrayBuffer> | null): Promise<BootResult> => {
    const { uri, host, child } = place;
    const { files, release } = await openGuestFiles(uri, child, snapshot);
    try {
      return await bootOn(networks.join(uri, host, child), place, files);
    } finally {
      release();
    }
  };

  const bootOn = async (network: JoinedNetwork, place: ChildPlace, files: GuestFiles): Promise<BootResult> => {
    try {
      const console = consoleOf(place);
      console.show();
      const shared = {
        network: network.shared,
        neighbours: await network.neighbours,
        processors: processorsOf(place),
        memory: memoryOf(place),
      };
      const outcome = await console.boot(context, platform, place.child, files, shared);
      return { ...outcome, console: console.printed };
    } finally {
      network.leave();
    }
  };

  /** A guest that resets after it went on from a snapshot boots its kernel. */
  const boot = async (place: ChildPlace, snapshot: Uint8Array<ArrayBuffer> | null): Promise<BootResult> => {
    const result = await bootOnce(place, snapshot);
    return result.why === 'reset' && snapshot !== null ? bootOnce(place, null) : result;
  };

  const consoleOf = (place: ChildPlace): BootedChild => {
    const key = keyOf(place);
    const open = booted.get(key);
    if (open) return open;
    const args: BootChildArguments = [place.uri.toString(), place.host.name, place.child.name];
    const again = () => void commands.executeCommand(BOOT_CHILD_COMMAND, ...args);
    const made = new BootedChild(place.child.name, again, () => booted.delete(key));
    booted.set(key, made);
    return made;
  };

  const tellContext = () => void commands.executeCommand('setContext', RUNNING_CONTEXT, running.size > 0);

  const children: BootedChildren = {
    running: () =>
      [...running].flatMap(([key, { place }]) => {
        const child = booted.get(key);
        return child?.talk ? [{ place, booted: child }] : [];
      }),

    boot(place, snapshot) {
      const key = keyOf(place);
      const current = running.get(key);
      if (current) {
        booted.get(key)?.show();
        return current.result;
      }
      const result = boot(place, snapshot ?? null)
        .catch(refusalOf)
        .finally(() => {
          running.delete(key);
          tellContext();
        });
      running.set(key, { place, result });
      tellContext();
      return result;
    },

    async turnOff(place) {
      const key = keyOf(place);
      booted.get(key)?.turnOff();
      await running.get(key)?.result;
    },

    async choose(file, hostName, childName) {
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
      return refusal === null ? { uri, host: answer.model, child } : tellRefusal(refusal);
    },
  };

  context.subscriptions.push(
    commands.registerCommand(BOOT_CHILD_COMMAND, async (file?: Uri | string, hostName?: string, childName?: string) => {
      const place = await children.choose(file, hostName, childName);
      return place !== null && 'child' in place ? children.boot(place) : place;
    }),
    {
      dispose: () => {
        for (const child of [...booted.values()]) child.dispose();
        networks.dispose();
      },
    },
  );
  return children;
}

/** Whether commands for running children make sense; see `when` in package.json. */
const RUNNING_CONTEXT = 'hvhost.childRuns';

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

function keyOf({ uri, host, child }: ChildPlace): string {
  return `${uri.toString()}#${host.name}/${child.name}`;
}
