import { type AstNode, AstUtils, CstUtils, type LangiumDocument } from 'langium';
import { AstNodeHoverProvider } from 'langium/lsp';
import type { Hover, HoverParams } from 'vscode-languageserver';
import { logicalProcessors } from '../../model/admission.js';
import { flavourOf } from '../../model/catalog/parent-flavours.js';
import {
  formatBytes,
  formatCount,
  formatHz,
  formatLps,
  formatNs,
  formatPercent,
  formatRate,
} from '../../model/format.js';
import { documentationOf } from '../documentation.js';
import {
  type ChildDeclaration,
  type HardwareDeclaration,
  type HostDeclaration,
  isChildDeclaration,
  isHardwareDeclaration,
  isHostDeclaration,
  isParentDeclaration,
  isQuantity,
  isWorkloadDeclaration,
  type ParentDeclaration,
  type Quantity,
  type WorkloadDeclaration,
} from '../generated/ast.js';
import type { HostAnalyzer } from '../host-analysis.js';
import { lowerHardware } from '../lowering/lower-hardware.js';
import { lowerWorkload } from '../lowering/lower-work.js';
import type { HvhostLanguageServices } from '../module.js';
import { readQuantity } from '../quantity.js';
import { slotOf } from '../quantity-slots.js';
import { isSound } from '../soundness.js';
import { formatValue } from '../validation/quantities.js';

/** The documentation of a name and what follows from its definition; the range of a number. */
export class HvhostHover extends AstNodeHoverProvider {
  private readonly analyzer: HostAnalyzer;

  constructor(services: HvhostLanguageServices) {
    super(services);
    this.analyzer = services.analysis.HostAnalyzer;
  }

  override async getHoverContent(document: LangiumDocument, params: HoverParams): Promise<Hover | undefined> {
    const offset = document.textDocument.offsetAt(params.position);
    const root = document.parseResult.value.$cstNode;
    const leaf = root && CstUtils.findLeafNodeAtOffset(root, offset);
    const quantity = leaf && AstUtils.getContainerOfType(leaf.astNode, isQuantity);
    const value = quantity && aboutQuantity(quantity);
    if (value) return { contents: { kind: 'markdown', value }, range: quantity.$cstNode?.range };
    return super.getHoverContent(document, params);
  }

  protected override getAstNodeHoverContent(node: AstNode): string | undefined {
    const parts = [documentationOf(node), this.factsOf(node)].filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : parts.join('\n\n');
  }

  private factsOf(node: AstNode): string | undefined {
    if (isHardwareDeclaration(node)) return isSound(node) ? aboutHardware(node) : undefined;
    if (isWorkloadDeclaration(node)) return isSound(node) ? aboutWorkload(node) : undefined;
    if (isHostDeclaration(node)) return this.aboutHost(node);
    if (isChildDeclaration(node)) return this.aboutChild(node);
    if (isParentDeclaration(node)) return this.aboutParent(node);
    return undefined;
  }

  private aboutHost(host: HostDeclaration): string | undefined {
    const analysis = this.analyzer.analyse(host);
    if (!analysis) return undefined;
    const { memory, cpu, children } = analysis.admission;
    const starting = children.filter(({ refusals }) => refusals.length === 0).length;
    const last = children.at(-1);
    return list([
      `${formatBytes(memory.totalBytes)} of memory, ${formatLps(cpu.totalLps)}`,
      `the parent takes ${formatBytes(memory.parentBytes)} and ${formatLps(cpu.parentLps)}`,
      `${starting} of ${children.length} children start`,
      last && `${formatBytes(last.memoryLeftBytes)} and ${formatLps(last.lpsLeft)} are left to give`,
    ]);
  }

  private aboutParent(parent: ParentDeclaration): string | undefined {
    const host = AstUtils.getContainerOfType(parent, isHostDeclaration);
    const model = host && this.analyzer.analyse(host)?.model;
    const flavour = model && flavourOf(model);
    if (!flavour) return undefined;
    const { memoryBytes, restartsPerYear } = flavour;
    return list([
      `${flavour.title}: about ${formatBytes(memoryBytes.value)} for itself (${memoryBytes.source.standing})`,
      `${restartsPerYear.value} restarts a year for updates, each of them with every child (${restartsPerYear.source.standing})`,
    ]);
  }

  private aboutChild(child: ChildDeclaration): string | undefined {
    const host = AstUtils.getContainerOfType(child, isHostDeclaration);
    const analysis = host && this.analyzer.analyse(host);
    const index = child.$containerIndex ?? -1;
    const admitted = analysis?.admission.children[index];
    const lowered = analysis?.model.children[index];
    if (!analysis || !admitted || !lowered) return undefined;
    const { count, reservePercent, limitPercent, weight } = lowered.processors;
    const lps = logicalProcessors(analysis.model.hardware);
    const share = (perVp: number) => formatPercent(Math.min(100, (count * perVp) / lps));
    return list([
      `${lowered.operatingSystem}, ${lowered.kind}, generation ${lowered.generation}`,
      `${formatCount(count)} virtual processors: ${share(reservePercent)} of the host reserved, at most ${share(limitPercent)}, weight ${formatCount(weight)}`,
      `takes ${formatBytes(admitted.memoryBytes)} with its overhead (${formatPercent((admitted.memoryBytes / analysis.admission.memory.totalBytes) * 100)} of the host)`,
      ...admitted.refusals.map(({ message }) => `**${message}**`),
    ]);
  }
}

function aboutQuantity(quantity: Quantity): string | undefined {
  const slot = slotOf(quantity);
  const value = slot && readQuantity(quantity, slot);
  if (!slot || typeof value !== 'number') return undefined;
  const range = `${formatValue(slot.minimum, slot.dimension)} to ${formatValue(slot.maximum, slot.dimension)}`;
  return `**${formatValue(value, slot.dimension)}**: ${slot.title}, ${range}${slot.source ? ` (${slot.source})` : ''}`;
}

function aboutHardware(declaration: HardwareDeclaration): string {
  const { title, processor, memory, disks, nics } = lowerHardware(declaration);
  const { sockets, coresPerSocket, threadsPerCore, frequencyHz } = processor;
  return list([
    title,
    `${sockets} x ${coresPerSocket} cores x ${threadsPerCore} threads of ${formatHz(frequencyHz)} = ${formatLps(sockets * coresPerSocket * threadsPerCore)}`,
    `${formatBytes(memory.bytes)}${memory.ecc ? ' ECC' : ''} in ${memory.numaNodes} NUMA nodes`,
    `${disks.length} disks, ${nics.length} network adapters`,
  ]);
}

function aboutWorkload(declaration: WorkloadDeclaration): string {
  const workload = lowerWorkload(declaration);
  const { arrival, cpuNs, cpuDistribution, readBytes, writeBytes, sendBytes, receiveBytes, memory, dirties } = workload;
  const who =
    arrival.kind === 'open'
      ? `${formatRate(arrival.requestsPerSecond)} requests, whether or not earlier ones are answered`
      : `${formatCount(arrival.clients)} clients who think ${formatNs(arrival.thinkNs)}${arrival.thinkDistribution === 'exponential' ? ' on average' : ''} between requests`;
  const load =
    arrival.kind === 'open' ? `, ${formatPercent((arrival.requestsPerSecond * cpuNs) / 1e7)} of one processor` : '';
  return list([
    who,
    `each: ${receiveBytes === undefined ? '' : `${formatBytes(receiveBytes)} over the network, `}${formatNs(cpuNs)} of CPU${cpuDistribution === 'exponential' ? ' on average, exponentially distributed' : ''}${load}, reads ${formatBytes(readBytes)}, writes ${formatBytes(writeBytes)}, sends ${formatBytes(sendBytes)}`,
    memory === undefined
      ? 'its memory is not said: a guest is taken to need what it starts with, less the buffer of dynamic memory'
      : `memory: ${formatBytes(memory.workingSetBytes)}, and ${formatBytes(memory.perRequestBytes)} for each request under way`,
    dirties &&
      `writes to ${formatBytes(dirties.perRequestBytes)} of the memory${dirties.hotSetBytes === undefined ? '' : `, in a hot set of ${formatBytes(dirties.hotSetBytes)}`}`,
  ]);
}

function list(lines: (string | undefined)[]): string {
  return lines
    .filter((line) => line !== undefined)
    .map((line) => `- ${line}`)
    .join('\n');
}
