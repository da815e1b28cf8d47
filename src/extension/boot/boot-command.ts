import { commands, type Disposable } from 'vscode';
import { BOOT_CHILD_COMMAND } from '../../language/requests.js';
import type { Hosts } from '../hosts.js';
import { type ChildArguments, chooseChild } from './choose-child.js';
import type { MachineChildren } from './machine-children.js';

/** `Boot Child`: resolves to what became of the machine, to a refusal, or to null when the user chose none. */
export function registerBoot(hosts: Hosts, children: MachineChildren): Disposable {
  return commands.registerCommand(BOOT_CHILD_COMMAND, async (...args: ChildArguments) => {
    const place = await chooseChild(hosts, ...args);
    return place !== null && 'child' in place ? children.boot(place) : place;
  });
}
