import { GrammarUtils } from 'langium';
import { logicalProcessors } from '../../model/admission.js';
import type { Limit, Release } from '../../model/catalog/release.js';
import { findRelease, RELEASES } from '../../model/catalog/releases.js';
import { formatBytes, formatCount } from '../../model/format.js';
import type { HostModel } from '../../model/host-model.js';
import type { HardwareDeclaration, HostDeclaration, HypervisorSpec } from '../generated/ast.js';
import { cite, type Report, replaceWith } from './report.js';

export function checkRelease(spec: HypervisorSpec, report: Report): void {
  if (spec.architecture !== 'hyper-v' || spec.release === undefined) return;
  if (findRelease(spec.release.replace(/\s/g, ''))) return;
  const ids = RELEASES.map(({ id }) => id);
  const cst = GrammarUtils.findNodeForProperty(spec.$cstNode, 'release');
  report('HV501', `There is no Hyper-V ${spec.release}. There are: ${ids.join(', ')}.`, {
    node: spec,
    property: 'release',
    fixes: ids.flatMap((id) => replaceWith(`Use ${id}`, cst, id)),
  });
}

export function checkParentExists(host: HostDeclaration, report: Report): void {
  if (host.hypervisor?.architecture !== 'esxi' || host.parent === undefined) return;
  report('HV313', 'ESX has no parent partition: its drivers live in the hypervisor.', {
    node: host.parent,
    keyword: 'parent',
  });
}

export function checkHardware(hardware: HardwareDeclaration, report: Report): void {
  const missing = [
    hardware.processor === undefined ? 'a processor (one core of 2 GHz is assumed)' : undefined,
    hardware.memory === undefined ? 'memory (8 GB are assumed)' : undefined,
  ].filter((each) => each !== undefined);
  if (missing.length > 0) {
    report('HV209', `The hardware says nothing of ${missing.join(' and ')}.`, { node: hardware, property: 'name' });
  }
  if (hardware.memory && !hardware.memory.ecc) {
    report('HV521', 'The memory has no error correction: say `ecc` if it has.', { node: hardware.memory });
  }
}

/** What the release supports on one host, all machines together. */
export function checkHostLimits(host: HostDeclaration, model: HostModel, release: Release, report: Report): void {
  const { hardware } = model;
  const lps = logicalProcessors(hardware);
  const onHardware = { node: host, property: 'hardware' } as const;

  const beyond = (value: number, { value: limit }: Limit) => value > limit;
  const { host: limits, title } = release;
  if (beyond(lps, limits.logicalProcessors)) {
    report(
      'HV502',
      `${formatCount(lps)} logical processors, but ${title} supports ${most(limits.logicalProcessors)}.`,
      onHardware,
    );
  }
  if (beyond(hardware.memory.bytes, limits.memoryBytes)) {
    const supported = `${formatBytes(limits.memoryBytes.value)}${cite(limits.memoryBytes)}`;
    report('HV503', `${formatBytes(hardware.memory.bytes)} of memory, but ${title} supports ${supported}.`, onHardware);
  }
  checkFirmware(model, release, report, onHardware);
  checkRootProcessors(host, model, release, report);

  const machines = model.children.length;
  if (beyond(machines, limits.runningMachines)) {
    const extra = host.children[limits.runningMachines.value];
    const message = `${formatCount(machines)} machines, but ${title} runs ${most(limits.runningMachines)}.`;
    report('HV509', message, { node: extra ?? host, property: 'name' });
  }
  checkProcessorsOfAll(host, model, release, report);
}

function checkProcessorsOfAll(host: HostDeclaration, model: HostModel, release: Release, report: Report): void {
  const { virtualProcessors, vpsPerLp } = release.host;
  const lps = logicalProcessors(model.hardware);
  const vps = model.children.reduce((sum, child) => sum + child.processors.count, 0);
  const place = { node: host, property: 'name' } as const;
  if (vps > virtualProcessors.value) {
    const message = `${formatCount(vps)} virtual processors, but ${release.title} supports ${most(virtualProcessors)} on a host.`;
    report('HV510', message, place);
  } else if (vpsPerLp && vps > vpsPerLp.value * lps) {
    const message = `${formatCount(vps)} virtual processors on ${formatCount(lps)} logical ones, but ${release.title} supports ${most(vpsPerLp)} on each.`;
    report('HV510', message, place);
  }
}

function checkFirmware(
  { hardware }: HostModel,
  release: Release,
  report: Report,
  place: { node: HostDeclaration; property: 'hardware' },
): void {
  const { virtualization, dep, slat } = hardware.processor;
  const missing = [
    virtualization ? undefined : 'hardware-assisted virtualization',
    dep ? undefined : 'data execution prevention (DEP)',
    slat || !release.slatRequired ? undefined : 'second-level address translation (SLAT)',
  ].filter((each) => each !== undefined);
  if (missing.length === 0) return;
  report('HV511', `${release.title} does not start on '${hardware.name}': it needs ${missing.join(' and ')}.`, place);
}

function checkRootProcessors(host: HostDeclaration, model: HostModel, release: Release, report: Report): void {
  const count = model.parent?.virtualProcessors ?? null;
  const lps = logicalProcessors(model.hardware);
  const limit = release.host.rootVirtualProcessors;
  if (count === null || !host.parent) return;
  const place = { node: host.parent, property: 'processors' } as const;
  if (count > lps) {
    report('HV518', `The parent has at most one virtual processor for each of the ${lps} logical ones.`, place);
  } else if (count > limit.value) {
    report('HV518', `The parent of ${release.title} has at most ${most(limit)} virtual processors.`, place);
  }
}

function most(limit: Limit): string {
  return `${formatCount(limit.value)}${cite(limit)}`;
}
