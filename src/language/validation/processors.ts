import { AstUtils } from 'langium';
import { formatHz, formatPercent } from '../../model/format.js';
import {
  type CpuGroupDeclaration,
  isHostDeclaration,
  isProcessorsClause,
  type ProcessorsClause,
} from '../generated/ast.js';
import { percentOfLp } from '../processor-share.js';
import { soundValue } from '../quantity.js';
import { isInHz } from '../units-written.js';
import type { Report } from './report.js';

/** Reserve, limit and weight of a child: within one another, within the machine, and in the words of the hypervisor. */
export function checkProcessors(clause: ProcessorsClause, report: Report): void {
  const host = AstUtils.getContainerOfType(clause, isHostDeclaration);
  const isEsxi = host?.hypervisor?.architecture === 'esxi';
  for (const property of ['reserve', 'limit'] as const) {
    if (!isInHz(clause[property]) || isEsxi) continue;
    report('HV210', `Only ESXi gives the ${property} in MHz; here it is a percentage of a logical processor.`, {
      node: clause,
      property,
    });
    return;
  }
  if ((clause.shares ?? clause.level) !== undefined && !isEsxi) {
    const property = clause.shares === undefined ? 'level' : 'shares';
    report('HV210', 'Only ESXi has shares; here it is a `weight`, 100 for the usual one.', { node: clause, property });
  } else if ((clause.shares ?? clause.level) !== undefined && clause.weight !== undefined) {
    report('HV210', 'Shares and weight are the same thing: say one of them.', { node: clause, property: 'weight' });
  }
  checkOrder(clause, host?.hardware?.ref?.processor?.frequency, report);
}

/** Of each virtual processor, or of a CPU group. */
export function checkLimitIsSomething(clause: ProcessorsClause | CpuGroupDeclaration, report: Report): void {
  if (soundValue(clause.limit) !== 0) return;
  const who = isProcessorsClause(clause) ? 'The child' : 'Whoever is in the group';
  report('HV213', `${who} never runs: the limit is 0 %.`, { node: clause, property: 'limit' });
}

function checkOrder(clause: ProcessorsClause, frequency: ProcessorsClause['count'] | undefined, report: Report): void {
  const frequencyHz = soundValue(frequency);
  const share = (property: 'reserve' | 'limit') =>
    isInHz(clause[property]) && frequencyHz === undefined
      ? undefined
      : percentOfLp(clause[property], clause, frequencyHz ?? 0);
  const reserve = share('reserve');
  const limit = share('limit') ?? 100;
  if (reserve === undefined) return;
  if (reserve > 100 && isInHz(clause.reserve)) {
    const most = formatHz((soundValue(clause.count) ?? 1) * (frequencyHz ?? 0));
    const message = `The reservation is more than its virtual processors can use: ${most}.`;
    report('HV211', message, { node: clause, property: 'reserve' });
  } else if (reserve > limit) {
    report('HV207', `The reserve of ${formatPercent(reserve)} exceeds the limit of ${formatPercent(limit)}.`, {
      node: clause,
      property: 'reserve',
    });
  }
}
