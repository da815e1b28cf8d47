import { type Disposable, type ExtensionContext, window } from 'vscode';
import { definitionUri, nameOf } from '../command-arguments.js';
import { hostKey } from '../host-key.js';
import type { Hosts } from '../hosts.js';
import { registerKeeping } from './keeping-commands.js';
import type { ChildPlace, MachineChildren } from './machine-children.js';
import { hostInFile, pickRunning, tellNoneRuns } from './pick-running.js';
import { registerCommand } from './register-command.js';

const PAUSE_COMMAND = 'hvhost.pauseChild';
const RESUME_COMMAND = 'hvhost.resumeChild';
const NEIGHBOURS_COMMAND = 'hvhost.showNeighbours';
const SCREEN_COMMAND = 'hvhost.showScreen';
const FAIL_PARENT_COMMAND = 'hvhost.failParent';

/** Registers what can be done with a machine child besides booting it; what fails is told to the user. */
export function registerChildCommands(
  context: ExtensionContext,
  hosts: Hosts,
  children: MachineChildren,
): Disposable[] {
  const pick = (title: string, wanted: unknown) => pickRunning(children, title, wanted);
  return [
    registerCommand(PAUSE_COMMAND, async (wanted) => (await pick('Pause which child?', wanted))?.talk.pause()),
    registerCommand(RESUME_COMMAND, async (wanted) => (await pick('Resume which child?', wanted))?.talk.resume()),
    registerCommand(SCREEN_COMMAND, async (wanted) => {
      const child = await pick('Screen of which child?', wanted);
      child?.booted.showScreen(context);
      return child !== null;
    }),
    registerCommand(NEIGHBOURS_COMMAND, async (wanted) => {
      const child = await pick('Neighbours of which child?', wanted);
      return child?.booted.sayNeighbours() ?? null;
    }),
    registerCommand(FAIL_PARENT_COMMAND, (file, host) => failParent(children, file, nameOf(host))),
    ...registerKeeping(hosts, children),
  ];
}

/** Every child of the host goes with it, at once. */
async function failParent(children: MachineChildren, file: unknown, host: string | undefined): Promise<void> {
  const running = children.running();
  const picked = host === undefined ? await pickParent(running.map(({ place }) => place)) : keyOf(file, host);
  for (const { place, booted } of running) if (hostKey(place.uri, place.host.name) === picked) booted.lose();
}

function keyOf(file: unknown, host: string): string | null {
  const uri = definitionUri(file);
  return uri && hostKey(uri, host);
}

/** Null where the user chose none, and where there is none, which the user is told. */
async function pickParent(places: ChildPlace[]): Promise<string | null> {
  const parents = new Map(places.map((place) => [hostInFile(place), hostKey(place.uri, place.host.name)]));
  const [only, ...others] = parents.keys();
  if (only === undefined) {
    tellNoneRuns();
    return null;
  }
  const picked =
    others.length === 0 ? only : await window.showQuickPick([...parents.keys()], { title: 'Parent of which host?' });
  return (picked && parents.get(picked)) ?? null;
}
