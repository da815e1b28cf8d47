/** The host itself: its name, hypervisor, switches and parent. */

import { RELEASES } from '../../../model/catalog/releases.js';
import { releaseOfBuild } from '../../../model/catalog/windows-builds.js';
import { SWITCH_TYPES } from './enumerations.js';
import type { JsonObject } from './json-object.js';
import { Names } from './names.js';
import { comment, quoted } from './words.js';

const NEWEST = RELEASES.at(-1)!;

export function ownerOf(document: JsonObject, wanted: string | undefined) {
  const computer = document.object('Computer')?.text('Name') ?? document.object('VMHost')?.text('Name') ?? 'a computer';
  const told = computer === 'a computer' ? 'Host' : computer;
  const host = new Names().give(wanted ?? told, 'Host');
  return { computer, host, hardware: `${host}-hardware` };
}

/** The release by the build of Windows, and the statement that says so. */
export function versionOf(document: JsonObject): { release: string; lines: string[] } {
  const system = document.object('OperatingSystem');
  const build = system?.count('BuildNumber', { minimum: 1, maximum: 1e6 });
  const found = build === undefined ? undefined : releaseOfBuild(build);
  const release = found?.release ?? NEWEST.id;
  const lines = [];
  if (build === undefined) {
    lines.push(comment(`OperatingSystem.BuildNumber is missing: ${NEWEST.title} is assumed.`));
  } else if (found === undefined) {
    lines.push(comment(`Build ${build} is older than Hyper-V: ${NEWEST.title} is assumed.`));
  } else if (!found.exact) {
    lines.push(comment(`Build ${build} is no release of the server: the one before it is taken.`));
  }
  const spanning = document.object('VMHost')?.flag('NumaSpanningEnabled');
  if (spanning === undefined && release !== '2008') {
    lines.push(comment('VMHost.NumaSpanningEnabled is missing: machines may span nodes.'));
  }
  lines.push(
    spanning === false ? `hypervisor hyper-v ${release} { numa spanning off }` : `hypervisor hyper-v ${release}`,
  );
  return { release, lines };
}

/** Hyper-V takes what the parent needs by itself; no cmdlet tells more. */
export function parentLines(document: JsonObject, release: string): string[] {
  const system = document.object('OperatingSystem');
  const caption = system?.text('Caption')?.replace(/^\s*Microsoft\s+/, '');
  const lines = caption === undefined ? [comment('OperatingSystem.Caption is missing: taken from the release.')] : [];
  const title = caption ?? RELEASES.find(({ id }) => id === release)?.title ?? 'Windows Server';
  const flavour = flavourOf(title, system?.text('InstallationType'));
  if (flavour === undefined)
    lines.push(comment('OperatingSystem.InstallationType is missing: a full installation is assumed.'));
  return [
    ...lines,
    `parent ${quoted(title)} ${flavour ?? 'full'} {`,
    comment('What the parent keeps for itself has no cmdlet: the share that Hyper-V computes.'),
    'reserve automatic',
    '}',
  ];
}

function flavourOf(title: string, installation: string | undefined): string | undefined {
  if (/hyper-v server/i.test(title)) return 'hyper-v server';
  const kind = installation?.toLowerCase();
  if (kind === undefined) return undefined;
  if (kind === 'client') return 'client';
  return kind === 'server' ? 'full' : 'core';
}

interface Switch {
  name: string;
  kind: 'external' | 'internal' | 'private';
  /** How its first physical adapter describes itself. */
  adapter: string | undefined;
  /** That adapter as the hardware names it; filled in when the hardware is known. */
  nic: string | undefined;
  notes: string[];
}

/** The virtual switches by the names they have on the host. */
export class Switches {
  private readonly byName = new Map<string, Switch>();

  constructor(document: JsonObject) {
    const names = new Names();
    for (const each of document.objects('Switches')) {
      const called = each.text('Name') ?? '';
      const name = names.give(called, 'switch');
      const notes = name === called ? [] : [`Called "${called}" on the host.`];
      const type = each.choice('SwitchType', SWITCH_TYPES);
      if (type === undefined) notes.push(`${each.at('SwitchType')} is missing or unknown: private is assumed.`);
      const adapters = each.texts('NetAdapterInterfaceDescriptions');
      if (adapters.length > 1) notes.push(`It teams ${adapters.join(', ')}; only the first can be said here.`);
      if (adapters.length === 0) adapters.push(...each.texts('NetAdapterInterfaceDescription'));
      const kind = type === 'External' ? 'external' : type === 'Internal' ? 'internal' : 'private';
      if (!this.byName.has(called))
        this.byName.set(called, { name, kind, adapter: adapters[0], nic: undefined, notes });
    }
  }

  nameOf(called: string): string | undefined {
    return this.byName.get(called)?.name;
  }

  external(): Switch[] {
    return [...this.byName.values()].filter(({ kind }) => kind === 'external');
  }

  lines(): string[] {
    return [...this.byName.values()].flatMap(({ name, kind, nic, notes }) => [
      ...notes.map(comment),
      kind === 'external' && nic !== undefined ? `switch ${name} external on ${nic}` : `switch ${name} ${kind}`,
    ]);
  }
}
