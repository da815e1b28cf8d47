import type { Benchmark, Workload } from '../../model/host-model.js';
import type { DeviceFault, Expectation, LifeVerb, Scenario, ScenarioAction, Target } from '../../model/scenario.js';
import { documentationOf } from '../documentation.js';
import {
  type BenchmarkDeclaration,
  type DiskAction,
  type ExpectationDeclaration,
  isCheckpointAction,
  isDeleteCheckpointAction,
  isDiskAction,
  isHostAction,
  isLifeAction,
  isMigrateAction,
  isNicAction,
  isPlugAction,
  isPowerAction,
  isRevertAction,
  type NicAction,
  type ScenarioDeclaration,
  type Step,
  type Target as TargetNode,
  type WorkloadDeclaration,
} from '../generated/ast.js';
import { quantityValue } from '../quantity.js';
import { lowerHypervisor } from './lower-hypervisor.js';

/** Without clients it is open: requests arrive whether or not the ones before are answered. */
export function lowerWorkload(declaration: WorkloadDeclaration): Workload {
  const {
    clients,
    think,
    thinkDistribution,
    requests,
    cpu,
    cpuDistribution,
    read,
    write,
    send,
    receive,
    sequential,
    memory,
    dirties,
  } = declaration;
  return {
    name: declaration.name,
    documentation: documentationOf(declaration),
    arrival:
      clients === undefined
        ? { kind: 'open', requestsPerSecond: quantityValue(requests, 0) }
        : {
            kind: 'closed',
            clients: quantityValue(clients),
            thinkNs: quantityValue(think, 0),
            ...(thinkDistribution && { thinkDistribution }),
          },
    cpuNs: quantityValue(cpu, 0),
    cpuDistribution: cpuDistribution ?? 'constant',
    readBytes: quantityValue(read, 0),
    writeBytes: quantityValue(write, 0),
    sendBytes: quantityValue(send, 0),
    ...(receive && { receiveBytes: quantityValue(receive) }),
    ...(sequential && { sequential: true as const }),
    memory: memory && {
      workingSetBytes: quantityValue(memory.workingSet),
      perRequestBytes: quantityValue(memory.perRequest, 0),
    },
    dirties: dirties && {
      perRequestBytes: quantityValue(dirties.perRequest),
      hotSetBytes: dirties.hotSet && quantityValue(dirties.hotSet),
    },
  };
}

export function lowerScenario(declaration: ScenarioDeclaration): Scenario {
  const own = declaration.host.$refText;
  const steps = declaration.steps.map((step) => {
    const host = step.host?.$refText;
    const at = { atNs: quantityValue(step.time), action: lowerAction(step) };
    return host === undefined || host === own ? at : { ...at, host };
  });
  return {
    name: declaration.name,
    documentation: documentationOf(declaration),
    steps: steps.sort((a, b) => a.atNs - b.atNs),
    expectations: declaration.expectations.map(lowerExpectation),
  };
}

export function lowerBenchmark(declaration: BenchmarkDeclaration): Benchmark {
  return {
    name: declaration.name,
    documentation: documentationOf(declaration),
    compare: declaration.compare.map(lowerHypervisor),
    // The parser joins the words of `host cpu`.
    measure: declaration.measure.map((measure: string) =>
      measure === 'throughput' || measure === 'latency' || measure === 'memory' ? measure : 'host cpu',
    ),
  };
}

function lowerAction({ action }: Step): ScenarioAction {
  if (isLifeAction(action)) return { kind: 'life', verb: lowerVerb(action.verb), target: lowerTarget(action.target) };
  // The parser joins the words of `shut down`.
  if (isHostAction(action)) return { kind: 'host', verb: action.verb === 'restart' ? 'restart' : 'shut-down' };
  if (isPowerAction(action)) return { kind: 'host', verb: 'cut-power' };
  if (isDiskAction(action) || isNicAction(action)) return lowerFault(action);
  const child = action.child.$refText;
  if (isPlugAction(action)) {
    const kind = action.verb === 'unplug' ? 'unplug' : 'plug-in';
    return { kind, child, device: action.device, number: quantityValue(action.number, 1) - 1 };
  }
  if (isMigrateAction(action)) return { kind: 'migrate', child, to: action.to.$refText, mode: action.mode ?? null };
  if (isCheckpointAction(action)) {
    return { kind: 'checkpoint', child, checkpoint: action.checkpoint, type: action.type ?? null };
  }
  if (isRevertAction(action)) return { kind: 'revert', child, checkpoint: action.checkpoint };
  if (isDeleteCheckpointAction(action)) return { kind: 'delete-checkpoint', child, checkpoint: action.checkpoint };
  if (action.memory !== undefined) return { kind: 'demand', child, bytes: quantityValue(action.memory) };
  return { kind: 'rate', child, requestsPerSecond: quantityValue(action.rate, 0) };
}

function lowerFault(action: DiskAction | NicAction): DeviceFault {
  if (isNicAction(action))
    return { kind: action.verb === 'unplug' ? 'unplug-nic' : 'plug-in-nic', nic: action.nic.$refText };
  const disk = action.disk.$refText;
  if (action.verb === 'slow') return { kind: 'slow-disk', disk, factor: quantityValue(action.factor, 1) };
  return { kind: action.verb === 'fail' ? 'fail-disk' : 'repair-disk', disk };
}

function lowerVerb(verb: string): LifeVerb {
  switch (verb) {
    case 'start':
    case 'stop':
    case 'pause':
    case 'resume':
    case 'save':
    case 'restore':
    case 'fail':
      return verb;
    default:
      return 'turn-off';
  }
}

function lowerTarget(target: TargetNode): Target {
  if (target.child !== undefined) return { kind: 'child', name: target.child.$refText };
  return { kind: target.parent ? 'parent' : 'all' };
}

function lowerExpectation(declaration: ExpectationDeclaration): Expectation {
  const window = {
    text: wordsOf(declaration),
    fromNs: quantityValue(declaration.window?.from, 0),
    toNs: quantityValue(declaration.window?.to, null),
  };
  const target = lowerTarget(declaration.target);
  if (declaration.state !== undefined) return { ...window, kind: 'state', target, state: declaration.state };
  return {
    ...window,
    kind: 'metric',
    target,
    metric: declaration.metric ?? 'latency',
    statistic: declaration.statistic ?? (declaration.metric === 'blackout' ? 'max' : 'mean'),
    comparison: declaration.comparison ?? '<',
    value: quantityValue(declaration.value, 0),
  };
}

/** The expectation as the file says it, on one line. */
function wordsOf(declaration: ExpectationDeclaration): string {
  const text = declaration.$cstNode?.text ?? '';
  const words = text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, ' ');
  return words.replace(/^expect\s+/, '').replace(/\s+/g, ' ');
}
