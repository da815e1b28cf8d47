import { MIGRATION_NETWORK } from '../../model/catalog/migrations.js';
import { formatBitsPerSecond } from '../../model/format.js';
import { childObstacles, hostObstacles, usualMode } from '../../model/migration.js';
import type { HostDeclaration, MigrateAction, ScenarioDeclaration } from '../generated/ast.js';
import { isMigrateAction } from '../generated/ast.js';
import { lowerPartitions } from '../lowering/lower-host.js';
import { soundValue } from '../quantity.js';
import { isSound } from '../soundness.js';
import { addBehind, cite, type Report } from './report.js';

/** Every child that a step moves can leave the host it is on at that time, and come to the other. */
export function checkMigrations(scenario: ScenarioDeclaration, report: Report): void {
  const steps = scenario.steps
    .map(({ time, action, host }) => ({ timeNs: soundValue(time) ?? 0, action, host: (host ?? scenario.host)?.ref }))
    .sort((a, b) => a.timeNs - b.timeNs);
  const homes = new Map<unknown, HostDeclaration>();
  for (const { action, host } of steps) {
    const child = isMigrateAction(action) ? action.child?.ref : undefined;
    if (!isMigrateAction(action) || !child || !host || !action.to?.ref) continue;
    checkMigration(action, homes.get(child) ?? host, host, report);
    homes.set(child, action.to.ref);
  }
}

function checkMigration(action: MigrateAction, from: HostDeclaration, home: HostDeclaration, report: Report): void {
  const to = action.to.ref!;
  if (![from, to, home].every((host) => isSound(host))) return;
  const [here, there] = [lowerPartitions(from), lowerPartitions(to)];
  const child = lowerPartitions(home)?.children.find(({ name }) => name === action.child.$refText);
  if (!here || !there || !child) return;
  const mode = action.mode ?? usualMode(here, there);
  const [obstacle] = hostObstacles(here, there, mode);
  if (obstacle !== undefined) {
    report('HV612', obstacle, { node: action, property: 'to' });
    return;
  }
  if (action.mode === undefined && mode === 'quick') {
    const fixes = addBehind('Say that a quick migration is meant', action.to.$refNode, ' quick');
    report('HV614', 'This is a quick migration.', { node: action, property: 'to', fixes });
  }
  for (const why of childObstacles(child, here, to === home ? { ...there, children: [] } : there))
    report('HV613', why, { node: action, property: 'child' });
}

/** The network for migrations is as fast as it should be. */
export function checkMigrationNetwork(host: HostDeclaration, report: Report): void {
  const nic = host.migration?.ref;
  const speed = nic && soundValue(nic.speed);
  if (speed === undefined || speed >= MIGRATION_NETWORK.bitsPerSecond) return;
  const message = `'${nic?.name}' has ${formatBitsPerSecond(speed)}; live migrations want ${formatBitsPerSecond(MIGRATION_NETWORK.bitsPerSecond)}${cite(MIGRATION_NETWORK)}.`;
  report('HV615', message, { node: host, property: 'migration' });
}
