import type { AstNode, ValidationAcceptor } from 'langium';
import { findRelease } from '../../model/catalog/releases.js';
import type { HostDeclaration, HvhostAstType } from '../generated/ast.js';
import type { HostAnalyzer } from '../host-analysis.js';
import type { HvhostLanguageServices } from '../module.js';
import { checkAdmission } from './admission.js';
import { checkBandwidth, checkBandwidths } from './bandwidth.js';
import { checkChildDevices, checkSharedDevices } from './devices.js';
import { checkDiskBases } from './disk-bases.js';
import { checkDiskSpace } from './disk-space.js';
import { checkGuest } from './guests.js';
import { checkHardware, checkHostLimits, checkParentExists, checkRelease } from './host-limits.js';
import { checkCost, checkCpuGroup, checkScheduler } from './hypervisor.js';
import { checkImports } from './imports.js';
import { checkMachineLimits } from './machine-limits.js';
import { checkMigrationNetwork } from './migrations.js';
import { checkChildName, checkFileNames, checkHardwareNames, checkHostNames, checkSaidOnce } from './names.js';
import { checkWorkNetwork } from './network.js';
import { checkLimitIsSomething, checkProcessors } from './processors.js';
import { checkMemoryOrder, checkQuantity } from './quantities.js';
import { type Report, reporter } from './report.js';
import { checkScenario } from './scenarios.js';
import { checkTexts } from './texts.js';
import { checkTrunk } from './trunk.js';
import { checkFunctionsSuffice, checkVirtualFunction } from './virtual-functions.js';
import { checkBenchmark, checkWorkload, checkWorkloadsAreRun } from './work.js';

/** Which rules look at which parts of a file. */
export function registerChecks(services: HvhostLanguageServices): void {
  const { LangiumDocuments } = services.shared.workspace;
  const analyzer = services.analysis.HostAnalyzer;
  // One check for each kind of node: Langium waits once for each, and files have many nodes.
  const on =
    <N extends AstNode>(...rules: ((node: N, report: Report) => void)[]) =>
    (node: N, accept: ValidationAcceptor) => {
      const report = reporter(accept);
      for (const rule of rules) rule(node, report);
    };

  services.validation.ValidationRegistry.register<HvhostAstType>({
    HvhostFile: on(
      checkFileNames,
      (file, report) => checkImports(file, LangiumDocuments, report),
      checkWorkloadsAreRun,
    ),
    Import: on(checkTexts),
    HardwareDeclaration: on(checkTexts, checkSaidOnce, checkHardwareNames, checkHardware),
    HostDeclaration: on(
      checkTexts,
      checkSaidOnce,
      checkHostNames,
      checkSharedDevices,
      checkDiskBases,
      checkBandwidths,
      checkFunctionsSuffice,
      checkParentExists,
      checkMigrationNetwork,
      (host, report) => checkSoundHost(host, analyzer, report),
    ),
    HypervisorSpec: on(checkSaidOnce, checkRelease, checkScheduler),
    CostOverride: on(checkCost),
    CpuGroupDeclaration: on(checkCpuGroup, checkLimitIsSomething),
    ChildDeclaration: on(checkSaidOnce, checkChildName, checkChildDevices, checkGuest, checkWorkNetwork),
    ProcessorsClause: on(checkSaidOnce, checkProcessors, checkLimitIsSomething),
    MemoryClause: on(checkSaidOnce, checkMemoryOrder),
    Quantity: on(checkQuantity),
    WorkloadDeclaration: on(checkTexts, checkSaidOnce, checkWorkload),
    PhysicalProcessor: on(checkSaidOnce),
    PhysicalMemory: on(checkSaidOnce),
    ParentDeclaration: on(checkSaidOnce),
    NicDeclaration: on(checkSaidOnce, checkVirtualFunction, checkTrunk),
    BandwidthClause: on(checkSaidOnce, checkBandwidth),
    ScenarioDeclaration: on(checkTexts, checkScenario),
    BenchmarkDeclaration: on(checkTexts, checkBenchmark),
  });
}

/** Rules that compute with the whole host. */
function checkSoundHost(host: HostDeclaration, analyzer: HostAnalyzer, report: Report): void {
  const analysis = analyzer.analyse(host);
  if (analysis === undefined) return;
  const { model } = analysis;
  checkAdmission(host, analysis, report);
  checkDiskSpace(host, model, report);
  const release = model.hypervisor.architecture === 'hyper-v' && findRelease(model.hypervisor.release ?? '');
  if (!release) return;
  checkHostLimits(host, model, release, report);
  model.children.forEach((child, index) => {
    const node = host.children[index];
    if (node) checkMachineLimits(node, child, release, report);
  });
}
