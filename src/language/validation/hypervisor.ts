import { AstUtils, GrammarUtils } from 'langium';
import { COSTS } from '../../model/catalog/costs.js';
import type { Release } from '../../model/catalog/release.js';
import { findRelease, RELEASES } from '../../model/catalog/releases.js';
import { closestNames } from '../closest-names.js';
import {
  type CostOverride,
  type CpuGroupDeclaration,
  type HypervisorSpec,
  isHostDeclaration,
} from '../generated/ast.js';
import { cite, type Report, replaceWith } from './report.js';

/**
 * Only Hyper-V lets its administrator choose; a host without a release runs the newest one. The ideal scheduler is none that
 * exists, and stands in for that of any release.
 */
export function checkScheduler(spec: HypervisorSpec, report: Report): void {
  if (spec.scheduler === 'ideal') checkIdealLimits(spec, report);
  if (spec.architecture !== 'hyper-v' || spec.scheduler === undefined || spec.scheduler === 'ideal') return;
  const release = releaseOf(spec);
  if (release === undefined) return;
  const { kinds, source } = release.schedulers;
  if (kinds.includes(spec.scheduler)) return;
  const offered = kinds.map((kind) => `\`${kind}\``).join(' and ');
  const cst = GrammarUtils.findNodeForProperty(spec.$cstNode, 'scheduler');
  report(
    'HV523',
    `${release.title} does not offer the ${spec.scheduler} scheduler, but ${offered}${cite({ source })}.`,
    {
      node: spec,
      property: 'scheduler',
      fixes: kinds.flatMap((kind) => replaceWith(`Use ${kind}`, cst, kind)),
    },
  );
}

/** A fluid has no periods of which a limit could be a part. */
function checkIdealLimits(spec: HypervisorSpec, report: Report): void {
  if (spec.limits === undefined) return;
  report(
    'HV528',
    `The ideal scheduler keeps limits as rates, at every moment: \`limits as ${spec.limits}\` has no effect.`,
    {
      node: spec,
      property: 'limits',
    },
  );
}

/** CPU groups are a thing of the hypervisor's own schedulers, from Windows Server 2016 on. */
export function checkCpuGroup(group: CpuGroupDeclaration, report: Report): void {
  const spec = AstUtils.getContainerOfType(group, isHostDeclaration)?.hypervisor;
  if (spec === undefined) return;
  const place = { node: group, property: 'name' } as const;
  if (spec.architecture !== 'hyper-v') {
    report('HV212', `Only Hyper-V has CPU groups, and this host runs ${spec.architecture}.`, place);
    return;
  }
  const release = releaseOf(spec);
  if (release === undefined) return;
  if (!release.cpuGroups) report('HV212', `${release.title} has no CPU groups yet.`, place);
  else if ((spec.scheduler ?? release.defaultScheduler) === 'root')
    report('HV212', 'The root scheduler knows no CPU groups.', place);
}

/** Costs are replaced by their id, and only those that are times. */
export function checkCost(override: CostOverride, report: Report): void {
  const id = override.cost;
  if (id === undefined) return;
  const row = COSTS.find((each) => each.id === id);
  const place = { node: override, property: 'cost' } as const;
  if (row === undefined) {
    const times = COSTS.filter(isTime).map((each) => each.id);
    const cst = GrammarUtils.findNodeForProperty(override.$cstNode, 'cost');
    const fixes = closestNames(id, times).flatMap((known) => replaceWith(`Use "${known}"`, cst, `"${known}"`));
    report('HV522', `There is no cost '${id}'.`, { ...place, fixes });
  } else if (!isTime(row)) {
    report('HV522', `'${id}' is not a time but a number of the model: it cannot be replaced by one.`, place);
  }
}

/** The newest one where the file says none; undefined where it is not known. */
export function releaseOf({ release }: HypervisorSpec): Release | undefined {
  return release === undefined ? RELEASES.at(-1) : findRelease(release.replace(/\s/g, ''));
}

function isTime({ unit }: { unit: string }): boolean {
  return unit === 'ns' || unit === 'cycles';
}
