import { commands, type Disposable, type ExtensionContext, ProgressLocation, type Uri, window } from 'vscode';
import { whyNoCheckpointName } from '../../machine-host/checkpoint-name.js';
import { MachineError } from '../../machine-host/machine-error.js';
import type { MachineTalk } from '../../machine-host/machine-talk.js';
import type { BootedChildren, BootResult, ChildPlace } from './boot-command.js';
import { type KeptCheckpoint, KeptMachines } from './kept-machines.js';

const PAUSE_COMMAND = 'hvhost.pauseChild';
const RESUME_COMMAND = 'hvhost.resumeChild';
const NEIGHBOURS_COMMAND = 'hvhost.showNeighbours';
const SCREEN_COMMAND = 'hvhost.showScreen';
const SAVE_COMMAND = 'hvhost.saveChild';
const RESTORE_COMMAND = 'hvhost.restoreChild';
const CHECKPOINT_COMMAND = 'hvhost.checkpointChild';
const REVERT_COMMAND = 'hvhost.revertChild';
const FAIL_PARENT_COMMAND = 'hvhost.failParent';
const DELETE_CHECKPOINT_COMMAND = 'hvhost.deleteCheckpoint';

type Arguments = [file?: Uri | string, host?: string, child?: string];

/** What can be done with a machine child besides booting it: pause, resume, save, restore, checkpoint, revert, delete. */
export function registerChildCommands(context: ExtensionContext, children: BootedChildren): Disposable[] {
  const kept = ({ uri, host, child }: ChildPlace) => new KeptMachines(uri, host.name, child);

  /** A child that runs; the user chooses where there are several, and is told where there is none. */
  const pickRunning = async (
    title: string,
    name?: string,
  ): Promise<{ place: ChildPlace; talk: MachineTalk } | null> => {
    const running = children
      .running()
      .flatMap(({ place, booted }) => (booted.talk ? [{ place, talk: booted.talk }] : []));
    const named = name === undefined ? running : running.filter(({ place }) => place.child.name === name);
    const [only, ...others] = named;
    if (only === undefined) {
      void window.showInformationMessage('No child that boots a kernel runs now.');
      return null;
    }
    if (others.length === 0) return only;
    const items = named.map((child) => ({ label: child.place.child.name, description: child.place.host.name, child }));
    return (await window.showQuickPick(items, { title }))?.child ?? null;
  };

  const showScreen = async (name?: string): Promise<boolean> => {
    const picked = await pickRunning('Screen of which child?', name);
    const shown = children.running().find(({ place }) => place === picked?.place);
    shown?.booted.showScreen(context);
    return shown !== undefined;
  };

  /** Says in its console who runs beside it, and what went to and from them. */
  const showNeighbours = async (name?: string): Promise<string | null> => {
    const picked = await pickRunning('Neighbours of which child?', name);
    const child = children.running().find(({ place }) => place === picked?.place);
    return child?.booted.sayNeighbours() ?? null;
  };

  const chosen = async (args: Arguments): Promise<ChildPlace | null> => {
    const place = await children.choose(...args);
    return place !== null && 'child' in place ? place : null;
  };

  const save = async (name?: string): Promise<boolean> => {
    const child = await pickRunning('Save which child?', name);
    if (child === null) return false;
    const { place, talk } = child;
    await withProgress(`Saving ${place.child.name}`, async () => {
      await orGoOn(talk, async () => kept(place).save(await talk.snapshot()));
      await children.turnOff(place);
    });
    return true;
  };

  const restore = async (...args: Arguments): Promise<BootResult | null> => {
    const place = await chosen(args);
    return place && children.boot(place, await kept(place).readSaved());
  };

  const checkpoint = async (childName?: string, name?: string): Promise<boolean> => {
    const child = await pickRunning('Checkpoint of which child?', childName);
    if (child === null) return false;
    const { place, talk } = child;
    const taken = (await kept(place).checkpoints()).map((existing) => existing.name);
    const fault = (text: string) =>
      taken.includes(text) ? `There is a checkpoint '${text}' already.` : whyNoCheckpointName(text);
    const title = `Checkpoint of ${place.child.name}`;
    const chosenName = name ?? (await window.showInputBox({ title, prompt: 'Its name', validateInput: fault }));
    if (chosenName === undefined) return false;
    const wrong = fault(chosenName);
    if (wrong !== null) throw new MachineError(wrong);
    await withProgress(title, async () => {
      try {
        await talk.freeze();
        await kept(place).createCheckpoint(chosenName, await talk.snapshot());
      } finally {
        await talk.resume();
      }
    });
    return true;
  };

  const pickCheckpoint = async (place: ChildPlace, title: string, name?: string): Promise<string | null> => {
    const checkpoints = await kept(place).checkpoints();
    if (name !== undefined && checkpoints.some((existing) => existing.name === name)) return name;
    if (checkpoints.length === 0 || name !== undefined) {
      const which = name === undefined ? 'no checkpoint' : `no checkpoint '${name}'`;
      throw new MachineError(`child ${place.child.name} has ${which}`);
    }
    return (await window.showQuickPick(checkpoints.map(asItem), { title }))?.label ?? null;
  };

  const revert = async (
    file?: Uri | string,
    host?: string,
    child?: string,
    name?: string,
  ): Promise<BootResult | null> => {
    const place = await chosen([file, host, child]);
    if (place === null) return null;
    const picked = await pickCheckpoint(place, `Revert ${place.child.name} to`, name);
    if (picked === null) return null;
    const snapshot = await kept(place).readCheckpoint(picked);
    await children.turnOff(place);
    await kept(place).restoreDisks(picked);
    return children.boot(place, snapshot);
  };

  const remove = async (...args: Arguments): Promise<void> => {
    const place = await chosen(args);
    const picked = place && (await pickCheckpoint(place, `Delete which checkpoint of ${place.child.name}?`));
    if (place && picked !== null) await kept(place).deleteCheckpoint(picked);
  };

  /** Every child of the host goes with it, at once. */
  const failParent = async (host?: string): Promise<void> => {
    const running = children.running();
    const hosts = [...new Set(running.map(({ place }) => place.host.name))];
    const [only, ...others] = hosts;
    if (only === undefined) {
      void window.showInformationMessage('No child that boots a kernel runs now.');
      return;
    }
    const picked =
      host ?? (others.length === 0 ? only : await window.showQuickPick(hosts, { title: 'Parent of which host?' }));
    for (const { place, booted } of running) if (place.host.name === picked) booted.lose();
  };

  const register = <Args extends unknown[], Result>(name: string, run: (...args: Args) => Promise<Result>) =>
    commands.registerCommand(name, (...args: Args) => run(...args).catch(tell));

  return [
    register(PAUSE_COMMAND, async (name?: string) => {
      await (await pickRunning('Pause which child?', name))?.talk.pause();
    }),
    register(RESUME_COMMAND, async (name?: string) => {
      await (await pickRunning('Resume which child?', name))?.talk.resume();
    }),
    register(SCREEN_COMMAND, showScreen),
    register(NEIGHBOURS_COMMAND, showNeighbours),
    register(SAVE_COMMAND, save),
    register(RESTORE_COMMAND, restore),
    register(CHECKPOINT_COMMAND, checkpoint),
    register(REVERT_COMMAND, revert),
    register(DELETE_CHECKPOINT_COMMAND, remove),
    register(FAIL_PARENT_COMMAND, failParent),
  ];
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

function asItem({ name, savedAtMs }: KeptCheckpoint) {
  return { label: name, description: new Date(savedAtMs).toLocaleString() };
}

async function withProgress(title: string, work: () => Promise<void>): Promise<void> {
  await window.withProgress({ location: ProgressLocation.Notification, title }, work);
}

/** What the user can do something about; a defect goes on to VS Code. */
function tell(error: unknown): null {
  if (!(error instanceof Error)) throw error;
  void window.showErrorMessage(error.message);
  return null;
}
