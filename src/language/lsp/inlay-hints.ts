import { type AstNode, GrammarUtils } from 'langium';
import { AbstractInlayHintProvider, type InlayHintAcceptor } from 'langium/lsp';
import { formatBytes, formatLps } from '../../model/format.js';
import { isHostDeclaration } from '../generated/ast.js';
import type { HostAnalyzer } from '../host-analysis.js';
import type { HvhostLanguageServices } from '../module.js';

/** After each child, what is left to give; at one that does not start, that it does not. */
export class HvhostInlayHints extends AbstractInlayHintProvider {
  private readonly analyzer: HostAnalyzer;

  constructor(services: HvhostLanguageServices) {
    super();
    this.analyzer = services.analysis.HostAnalyzer;
  }

  override computeInlayHint(node: AstNode, accept: InlayHintAcceptor): void {
    const analysis = isHostDeclaration(node) ? this.analyzer.analyse(node) : undefined;
    if (!isHostDeclaration(node) || analysis === undefined) return;
    node.children.forEach((child, index) => {
      const admitted = analysis.admission.children[index];
      const brace = GrammarUtils.findNodeForKeyword(child.$cstNode, '}') ?? child.$cstNode;
      if (admitted === undefined || brace === undefined) return;
      const left = `${formatBytes(Math.max(0, admitted.memoryLeftBytes))}, ${formatLps(Math.max(0, admitted.lpsLeft))} left to give`;
      const [refusal] = admitted.refusals;
      accept({
        position: brace.range.end,
        label: refusal ? `does not start; ${left}` : left,
        paddingLeft: true,
        tooltip: refusal?.message ?? 'Memory and reservable processors of the host after this child has started.',
      });
    });
  }
}
