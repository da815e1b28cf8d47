import type {
  ChildDeclaration,
  ExpectationDeclaration,
  HostDeclaration,
  LifeAction,
  LoadAction,
  ScenarioDeclaration,
  Window,
} from '../generated/ast.js';
import { isLifeAction, isLoadAction } from '../generated/ast.js';
import { soundValue } from '../quantity.js';
import { checkCheckpoints } from './checkpoints.js';
import { checkDeviceActions } from './device-actions.js';
import { checkMigrations } from './migrations.js';
import type { Report } from './report.js';

export function checkScenario(scenario: ScenarioDeclaration, report: Report): void {
  checkOrder(scenario, report);
  checkCheckpoints(scenario, report);
  checkDeviceActions(scenario, report);
  checkMigrations(scenario, report);
  const host = scenario.host?.ref;
  for (const { action, host: peer } of scenario.steps) {
    if (isLoadAction(action) && !action.memory) checkRate(action, report);
    if (isLifeAction(action)) checkParentAction(action, (peer ?? scenario.host)?.ref, report);
  }
  for (const expectation of scenario.expectations) {
    if (expectation.window) checkWindow(expectation.window, report);
    if (host) checkMeasurable(expectation, host, report);
  }
}

function checkOrder(scenario: ScenarioDeclaration, report: Report): void {
  let latest = 0;
  for (const step of scenario.steps) {
    const time = soundValue(step.time);
    if (time === undefined) continue;
    if (time < latest) report('HV607', 'This step happens before the one above it.', { node: step, property: 'time' });
    latest = Math.max(latest, time);
  }
}

function checkRate(action: LoadAction, report: Report): void {
  const child = action.child?.ref;
  if (child === undefined || (child.workload !== undefined && child.workload.ref === undefined)) return;
  const workload = child.workload?.ref;
  if (workload?.requests) return;
  const why = workload ? `the clients of '${workload.name}' wait for their answers` : 'it runs no workload';
  report('HV602', `'${child.name}' has no rate of requests: ${why}.`, { node: action, property: 'child' });
}

function checkParentAction(action: LifeAction, host: HostDeclaration | undefined, report: Report): void {
  if (!action.target?.parent) return;
  const place = { node: action, property: 'target' } as const;
  if (host?.hypervisor?.architecture === 'esxi') report('HV313', 'ESX has no parent partition.', place);
  else if (action.verb !== 'fail')
    report('HV608', 'The parent starts and stops with the host: it can only `fail`.', place);
}

function checkWindow(window: Window, report: Report): void {
  const from = soundValue(window.from);
  const to = soundValue(window.to);
  const empty = to !== undefined && (from === undefined ? to === 0 : from >= to);
  if (empty) report('HV603', 'The window ends before it begins.', { node: window, property: 'to' });
}

function checkMeasurable(expectation: ExpectationDeclaration, host: HostDeclaration, report: Report): void {
  const { target, metric } = expectation;
  if (target === undefined) return;
  const place = { node: expectation, property: 'target' } as const;
  if (target.parent && host.hypervisor?.architecture === 'esxi') {
    report('HV313', 'ESX has no parent partition.', place);
  } else if (metric === 'pressure' && target.parent) {
    report('HV606', 'The parent has no memory pressure: its memory is reserved.', place);
  } else if (metric === 'latency' || metric === 'throughput' || metric === 'failures') {
    if (target.parent) report('HV606', `The parent runs no workload: it has no ${metric}.`, place);
    else if (target.child?.ref && !works(target.child.ref)) {
      report('HV606', `'${target.child.ref.name}' runs no workload: it has no ${metric}.`, place);
    } else if (target.all && !host.children.some(works)) {
      report('HV606', `No child of '${host.name}' runs a workload: there is no ${metric}.`, place);
    }
  }
}

function works(child: ChildDeclaration): boolean {
  return child.workload !== undefined;
}
