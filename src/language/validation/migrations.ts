import { MIGRATION_NETWORK } from '../../model/catalog/migrations.js';
import { formatBitsPerSecond } from '../../model/format.js';
import { childObstacles, hostObstacles, usualMode } from '../../model/migration.js';
import type { ChildDeclaration, HostDeclaration, MigrateAction, ScenarioDeclaration } from '../generated/ast.js';
import { isMigrateAction } from '../generated/ast.js';
import { lowerPartitions } from '../lowering/lower-host.js';
import { soundValue } from '../quantity.js';
import { isSound } from '../soundness.js';
import { addBehind, cite, type Report } from './report.js';

/** Every child that a step moves can leave a host on which it may be at that time, and come to the other. */
export function checkMigrations(scenario: ScenarioDeclaration, report: Report): void {
  const steps = scenario.steps
    .map(({ time, action, host }) => ({ timeNs: soundValue(time) ?? 0, action, host: (host ?? scenario.host)?.ref }))
    .sort((a, b) => a.timeNs - b.timeNs);
  const homes = new Map<ChildDeclaration, HostDeclaration[]>();
  for (const { action, host } of steps) {
    const child = isMigrateAction(action) ? action.child?.ref : undefined;
    if (!isMigrateAction(action) || !child || !host || !action.to?.ref) continue;
    const known = homes.get(child) ?? [host];
    checkMigration(action, action.to.ref, known, host, report);
    // Where an earlier migration failed, it is still where it was.
    homes.set(child, [...known, action.to.ref]);
  }
}

/** From at least one of `homes` the child gets there. */
function checkMigration(
  action: MigrateAction,
  to: HostDeclaration,
  homes: readonly HostDeclaration[],
  native: HostDeclaration,
  report: Report,
): void {
  if (![to, native, ...homes].every((host) => isSound(host))) return;
  const there = lowerPartitions(to);
  const child = lowerPartitions(native)?.children.find(({ name }) => name === action.child.$refText);
  if (!there || !child) return;
  const ways = homes.flatMap((home) => {
    const here = lowerPartitions(home);
    if (!here) return [];
    const mode = action.mode ?? usualMode(here, there);
    return [{ here, mode, obstacles: hostObstacles(here, there, mode) }];
  });
  const way = ways.find(({ obstacles }) => obstacles.length === 0);
  if (!way) {
    const obstacle = ways[0]?.obstacles[0];
    if (obstacle !== undefined) report('HV631', obstacle, { node: action, property: 'to' });
    return;
  }
  if (action.mode === undefined && way.mode === 'quick') {
    const fixes = addBehind('Say that a quick migration is meant', action.to.$refNode, ' quick');
    report('HV633', 'This is a quick migration.', { node: action, property: 'to', fixes });
  }
  for (const why of childObstacles(child, way.here, to === native ? { ...there, children: [] } : there))
    report('HV632', why, { node: action, property: 'child' });
}

/** The network for migrations is as fast as it should be. */
export function checkMigrationNetwork(host: HostDeclaration, report: Report): void {
  const nic = host.migration?.ref;
  const speed = nic && soundValue(nic.speed);
  if (speed === undefined || speed >= MIGRATION_NETWORK.bitsPerSecond) return;
  const message = `'${nic?.name}' has ${formatBitsPerSecond(speed)}; live migrations want ${formatBitsPerSecond(MIGRATION_NETWORK.bitsPerSecond)}${cite(MIGRATION_NETWORK)}.`;
  report('HV634', message, { node: host, property: 'migration' });
}
