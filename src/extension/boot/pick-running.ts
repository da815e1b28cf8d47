import { window, workspace } from 'vscode';
import type { MachineTalk } from '../../machine-host/machine-talk.js';
import { nameOf } from '../command-arguments.js';
import type { BootedChild } from './booted-child.js';
import type { ChildPlace, MachineChildren } from './machine-children.js';

/** A child whose machine runs. */
export interface RunningChild {
  place: ChildPlace;
  booted: BootedChild;
  talk: MachineTalk;
}

/**
 * A child that runs: the one of that name or, from the menu of a terminal, the one whose console it is. The user chooses
 * where there are several, and is told where there is none (null).
 */
export async function pickRunning(
  children: MachineChildren,
  title: string,
  wanted: unknown,
): Promise<RunningChild | null> {
  const name = nameOf(wanted);
  const running = children
    .running()
    .flatMap(({ place, booted }): RunningChild[] => (booted.talk ? [{ place, booted, talk: booted.talk }] : []))
    .filter(({ place }) => name === undefined || place.child.name === name);
  const consoles = running.filter(({ booted }) => [wanted].flat().some((terminal) => booted.isShownIn(terminal)));
  const candidates = consoles.length > 0 ? consoles : running;
  const [only, ...others] = candidates;
  if (only === undefined) {
    tellNoneRuns();
    return null;
  }
  if (others.length === 0) return only;
  const items = candidates.map((child) => ({
    label: child.place.child.name,
    description: hostInFile(child.place),
    child,
  }));
  return (await window.showQuickPick(items, { title }))?.child ?? null;
}

/** Hosts of several files may have the same name. */
export function hostInFile({ host, uri }: ChildPlace): string {
  return `${host.name} in ${workspace.asRelativePath(uri)}`;
}

export function tellNoneRuns(): void {
  void window.showInformationMessage('No child that boots a kernel runs now.');
}
