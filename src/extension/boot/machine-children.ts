import { commands, type Disposable, type ExtensionContext, type Uri, window } from 'vscode';
import { BOOT_CHILD_COMMAND, type BootChildArguments } from '../../language/requests.js';
import { MachineError } from '../../machine-host/machine-error.js';
import type { Child, HostModel } from '../../model/host-model.js';
import type { MachineOutcome } from '../../protocol/machine.js';
import { hostKey } from '../host-key.js';
import type { Platform } from '../platform.js';
import { BootedChild } from './booted-child.js';
import { type GuestFiles, openGuestFiles } from './guest-files.js';
import { type JoinedHost, SharedHosts } from './shared-hosts.js';

/** What a boot resolves to when the machine has ended, or was refused. */
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

/** Whether commands for running children make sense; see `when` in package.json. */
const RUNNING_CONTEXT = 'hvhost.childRuns';

/** Machine children of this window. */
export class MachineChildren implements Disposable {
  /** Each with its console, which outlives its machine. */
  private readonly booted = new Map<string, BootedChild>();
  private readonly runs = new Map<string, { place: ChildPlace; result: Promise<BootResult> }>();
  private readonly hosts: SharedHosts;

  constructor(
    private readonly context: ExtensionContext,
    private readonly platform: Platform,
  ) {
    this.hosts = new SharedHosts(platform.processors, () => platform.startNeighbours(context));
  }

  /** Those whose machine runs now. */
  running(): { place: ChildPlace; booted: BootedChild }[] {
    return [...this.runs].flatMap(([key, { place }]) => {
      const child = this.booted.get(key);
      return child?.talk ? [{ place, booted: child }] : [];
    });
  }

  /** Boots it, or goes on from a snapshot; one that runs already is shown, not booted twice. Throws MachineError where it cannot go on because it runs. */
  boot(place: ChildPlace, snapshot: Uint8Array<ArrayBuffer> | null = null): Promise<BootResult> {
    const key = keyOf(place);
    const current = this.runs.get(key);
    if (current) {
      this.booted.get(key)?.show();
      if (snapshot !== null) throw new MachineError(`child ${place.child.name} runs already; turn it off first`);
      return current.result;
    }
    const result = this.bootToTheEnd(place, snapshot)
      .catch(refusalOf)
      .finally(() => {
        this.runs.delete(key);
        this.tellContext();
      });
    this.runs.set(key, { place, result });
    this.tellContext();
    return result;
  }

  /** Pulls the plug of one that runs, and waits for its end. */
  async turnOff(place: ChildPlace): Promise<void> {
    const key = keyOf(place);
    this.booted.get(key)?.turnOff();
    await this.runs.get(key)?.result;
  }

  dispose(): void {
    for (const child of [...this.booted.values()]) child.dispose();
    this.hosts.dispose();
  }

  /** A guest that resets after it went on from a snapshot boots its kernel. */
  private async bootToTheEnd(place: ChildPlace, snapshot: Uint8Array<ArrayBuffer> | null): Promise<BootResult> {
    const result = await this.bootOnce(place, snapshot);
    return result.why === 'reset' && snapshot !== null ? this.bootOnce(place, null) : result;
  }

  private async bootOnce(place: ChildPlace, snapshot: Uint8Array<ArrayBuffer> | null): Promise<BootResult> {
    const { uri, host, child } = place;
    const { files, release } = await openGuestFiles(uri, child, snapshot);
    try {
      return await this.bootOn(this.hosts.join(uri, host, child), place, files);
    } finally {
      release();
    }
  }

  private async bootOn(host: JoinedHost, place: ChildPlace, files: GuestFiles): Promise<BootResult> {
    try {
      const booted = this.consoleOf(place);
      booted.show();
      const shared = { ...host, neighbours: await host.neighbours };
      const outcome = await booted.boot(this.context, this.platform, place.child, files, shared);
      return { ...outcome, console: booted.printed };
    } finally {
      host.leave();
    }
  }

  private consoleOf(place: ChildPlace): BootedChild {
    const key = keyOf(place);
    const open = this.booted.get(key);
    if (open) return open;
    const args: BootChildArguments = [place.uri.toString(), place.host.name, place.child.name];
    const again = () => void commands.executeCommand(BOOT_CHILD_COMMAND, ...args);
    const made = new BootedChild(place.child.name, again, () => this.booted.delete(key));
    this.booted.set(key, made);
    return made;
  }

  private tellContext(): void {
    void commands.executeCommand('setContext', RUNNING_CONTEXT, this.runs.size > 0);
  }
}

/** Says to the user, too, why a child does not boot. */
export function tellRefusal(message: string): BootResult {
  void window.showErrorMessage(message);
  return refused(message);
}

export function refused(detail: string): BootResult {
  return { why: 'refused', detail, console: '' };
}

function refusalOf(error: unknown): BootResult {
  if (error instanceof MachineError) return tellRefusal(error.message);
  throw error;
}

function keyOf({ uri, host, child }: ChildPlace): string {
  return `${hostKey(uri, host.name)}/${child.name}`;
}
