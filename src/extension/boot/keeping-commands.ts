import { type Disposable, ProgressLocation, window } from 'vscode';
import { whyNoCheckpointName } from '../../machine-host/checkpoint-name.js';
import { MachineError } from '../../machine-host/machine-error.js';
import type { MachineTalk } from '../../machine-host/machine-talk.js';
import { nameOf } from '../command-arguments.js';
import type { Hosts } from '../hosts.js';
import { chooseChild } from './choose-child.js';
import { type KeptCheckpoint, KeptMachines } from './kept-machines.js';
import type { BootResult, ChildPlace, MachineChildren } from './machine-children.js';
import { pickRunning } from './pick-running.js';
import { registerCommand } from './register-command.js';

const SAVE_COMMAND = 'hvhost.saveChild';
const RESTORE_COMMAND = 'hvhost.restoreChild';
const CHECKPOINT_COMMAND = 'hvhost.checkpointChild';
const REVERT_COMMAND = 'hvhost.revertChild';
const DELETE_CHECKPOINT_COMMAND = 'hvhost.deleteCheckpoint';

/** Commands that keep a machine child as a file and go back to it: save and restore, checkpoint, revert and delete. */
export function registerKeeping(hosts: Hosts, children: MachineChildren): Disposable[] {
  /** `run` for a child that need not run; null where the user chose none. */
  const withPlace =
    <Result>(run: (place: ChildPlace, name?: string) => Promise<Result>) =>
    async (file: unknown, host: unknown, child: unknown, name: unknown): Promise<Result | null> => {
      const place = await chooseChild(hosts, file, host, child);
      return place !== null && 'child' in place ? run(place, nameOf(name)) : null;
    };
  return [
    registerCommand(SAVE_COMMAND, (wanted) => save(children, wanted)),
    registerCommand(CHECKPOINT_COMMAND, (wanted, name) => checkpoint(children, wanted, nameOf(name))),
    registerCommand(
      RESTORE_COMMAND,
      withPlace(async (place) => children.boot(place, await kept(place).readSaved())),
    ),
    registerCommand(
      REVERT_COMMAND,
      withPlace((place, name) => revert(children, place, name)),
    ),
    registerCommand(DELETE_CHECKPOINT_COMMAND, withPlace(remove)),
  ];
}

async function save(children: MachineChildren, wanted: unknown): Promise<boolean> {
  const child = await pickRunning(children, 'Save which child?', wanted);
  if (child === null) return false;
  const { place, talk } = child;
  await withProgress(`Saving ${place.child.name}`, async () => {
    await orGoOn(talk, async () => kept(place).save(await talk.snapshot()));
    await children.turnOff(place);
  });
  return true;
}

async function checkpoint(children: MachineChildren, wanted: unknown, name: string | undefined): Promise<boolean> {
  const child = await pickRunning(children, 'Checkpoint of which child?', wanted);
  if (child === null) return false;
  const { place, talk } = child;
  const taken = (await kept(place).checkpoints()).map((existing) => existing.name);
  const fault = (text: string) =>
    taken.includes(text) ? `There is a checkpoint '${text}' already.` : whyNoCheckpointName(text);
  const title = `Checkpoint of ${place.child.name}`;
  const chosen = name ?? (await window.showInputBox({ title, prompt: 'Its name', validateInput: fault }));
  if (chosen === undefined) return false;
  const wrong = fault(chosen);
  if (wrong !== null) throw new MachineError(wrong);
  await withProgress(title, async () => {
    try {
      await talk.freeze();
      await kept(place).createCheckpoint(chosen, await talk.snapshot());
    } finally {
      await talk.resume();
    }
  });
  return true;
}

async function revert(children: MachineChildren, place: ChildPlace, name?: string): Promise<BootResult | null> {
  const picked = await pickCheckpoint(place, `Revert ${place.child.name} to`, name);
  if (picked === null) return null;
  const snapshot = await kept(place).readCheckpoint(picked);
  await children.turnOff(place);
  await kept(place).restoreDisks(picked);
  return children.boot(place, snapshot);
}

async function remove(place: ChildPlace, name?: string): Promise<void> {
  const picked = await pickCheckpoint(place, `Delete which checkpoint of ${place.child.name}?`, name);
  if (picked !== null) await kept(place).deleteCheckpoint(picked);
}

async function pickCheckpoint(place: ChildPlace, title: string, name?: string): Promise<string | null> {
  const checkpoints = await kept(place).checkpoints();
  if (name !== undefined && checkpoints.some((existing) => existing.name === name)) return name;
  if (checkpoints.length === 0 || name !== undefined) {
    const which = name === undefined ? 'no checkpoint' : `no checkpoint '${name}'`;
    throw new MachineError(`child ${place.child.name} has ${which}`);
  }
  return (await window.showQuickPick(checkpoints.map(asItem), { title }))?.label ?? null;
}

function kept({ uri, host, child }: ChildPlace): KeptMachines {
  return new KeptMachines(uri, host.name, child);
}

function asItem({ name, savedAtMs }: KeptCheckpoint) {
  return { label: name, description: new Date(savedAtMs).toLocaleString() };
}

/** A machine that could not be saved goes on as if nothing had been asked. */
async function orGoOn<T>(talk: MachineTalk, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await talk.resume();
    throw error;
  }
}

async function withProgress(title: string, work: () => Promise<void>): Promise<void> {
  await window.withProgress({ location: ProgressLocation.Notification, title }, work);
}
