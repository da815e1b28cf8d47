import { type CpuGroup, HOST_MODEL_VERSION, type HostModel, type VirtualSwitch } from '../../model/host-model.js';
import { documentationOf } from '../documentation.js';
import {
  type CpuGroupDeclaration,
  type HostDeclaration,
  type HvhostFile,
  isBenchmarkDeclaration,
  isMigrateAction,
  isScenarioDeclaration,
  type ScenarioDeclaration,
  type SwitchDeclaration,
} from '../generated/ast.js';
import { declarationsFor } from '../hosts-of-file.js';
import { quantityValue } from '../quantity.js';
import { isSound } from '../soundness.js';
import { lowerChild } from './lower-child.js';
import { lowerHardware } from './lower-hardware.js';
import { lowerHypervisor, lowerParent } from './lower-hypervisor.js';
import { lowerBenchmark, lowerScenario } from './lower-work.js';

/**
 * The model of a host. Scenarios and benchmarks are those of the host's own file and of `file`, when a host is run from
 * a file that imports it; half-written ones are left out. Undefined when the hardware is not known. Call it for sound
 * hosts only.
 */
export function lowerHost(host: HostDeclaration, file?: HvhostFile): HostModel | undefined {
  const alone = lowerPartitions(host);
  if (alone === undefined) return undefined;
  const declarations = declarationsFor(host, file);
  const scenarios = declarations
    .filter(isScenarioDeclaration)
    .filter((scenario) => scenario.host?.ref === host && isSound(scenario));
  const peers = peersOf(host, scenarios);
  return plain({
    ...alone,
    scenarios: scenarios.map(lowerScenario),
    benchmarks: declarations
      .filter(isBenchmarkDeclaration)
      .filter((benchmark) => (benchmark.host === undefined || benchmark.host.ref === host) && isSound(benchmark))
      .map(lowerBenchmark),
    ...(peers.length > 0 && { peers }),
  });
}

/** The other hosts that these scenarios name, in the order in which they do. */
function peersOf(host: HostDeclaration, scenarios: readonly ScenarioDeclaration[]): HostModel[] {
  const named = scenarios.flatMap(({ steps }) =>
    steps.flatMap(({ action, host: on }) => [isMigrateAction(action) ? action.to.ref : undefined, on?.ref]),
  );
  const others = [...new Set(named)].filter((other) => other !== undefined && other !== host && isSound(other));
  return others.flatMap((other) => (other && lowerPartitions(other)) ?? []);
}

/**
 * The model of a host without its scenarios and benchmarks, for what is computed at every keystroke. Children, disks
 * and switches keep the order of the file: the n-th child of the model is the n-th child of the declaration.
 */
export function lowerPartitions(host: HostDeclaration): HostModel | undefined {
  const declaration = host.hardware?.ref;
  if (declaration === undefined) return undefined;
  const hardware = lowerHardware(declaration);
  const hypervisor = lowerHypervisor(host.hypervisor);
  return {
    version: HOST_MODEL_VERSION,
    name: host.name,
    documentation: documentationOf(host),
    hardware,
    hypervisor,
    switches: host.switches.map(lowerSwitch),
    cpuGroups: host.cpuGroups.map(lowerCpuGroup),
    parent: lowerParent(host.parent, hypervisor, hardware),
    children: host.children.map((child) => lowerChild(child, hypervisor, hardware)),
    scenarios: [],
    benchmarks: [],
    ...(host.migration && { migration: { nic: host.migration.$refText } }),
  };
}

function lowerSwitch(declaration: SwitchDeclaration): VirtualSwitch {
  return {
    name: declaration.name,
    documentation: documentationOf(declaration),
    kind: declaration.kind,
    nic: declaration.nic?.$refText,
  };
}

function lowerCpuGroup(declaration: CpuGroupDeclaration): CpuGroup {
  const { name, limit } = declaration;
  return { name, documentation: documentationOf(declaration), limitPercent: quantityValue(limit, 100) };
}

/** What is not there is left out, so that a model equals its own JSON. */
function plain(model: HostModel): HostModel {
  return JSON.parse(JSON.stringify(model));
}
