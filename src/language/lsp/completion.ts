import { AstUtils, GrammarAST, type MaybePromise } from 'langium';
import {
  type CompletionAcceptor,
  type CompletionContext,
  DefaultCompletionProvider,
  type LangiumServices,
  type NextFeature,
} from 'langium/lsp';
import { CompletionItemKind, type CompletionItemLabelDetails, InsertTextFormat } from 'vscode-languageserver';
import { GUESTS } from '../../model/catalog/guests.js';
import { INTEGRATION_SERVICES } from '../../model/catalog/integration-services.js';
import { RELEASES } from '../../model/catalog/releases.js';
import { unitsFor } from '../../model/units.js';
import {
  isHostDeclaration,
  isHypervisorSpec,
  isProcessorsClause,
  isQuantity,
  type Quantity,
} from '../generated/ast.js';
import { slotOf } from '../quantity-slots.js';
import { SNIPPETS } from './snippets.js';

/** Rules in which keywords stand for themselves as names or units; offering them all would bury what is useful. */
const NOT_OFFERED = new Set(['Name', 'ChildName', 'Unit']);

/** Keywords, whole blocks, names, the units that fit, releases, and the operating systems of the catalog. */
export class HvhostCompletion extends DefaultCompletionProvider {
  override readonly completionOptions = { triggerCharacters: ['"', ' '] };

  constructor(services: LangiumServices) {
    super(services);
  }

  protected override completionFor(
    context: CompletionContext,
    next: NextFeature,
    accept: CompletionAcceptor,
  ): MaybePromise<void> {
    const rule = AstUtils.getContainerOfType(next.feature, GrammarAST.isParserRule)?.name;
    if (rule === 'Unit') offerUnits(context, accept);
    if (GrammarAST.isKeyword(next.feature) && rule !== undefined && NOT_OFFERED.has(rule)) return;
    if (GrammarAST.isRuleCall(next.feature)) offerKnownTexts(context, next, rule, accept);
    return super.completionFor(context, ofItsRule(context, next, rule), accept);
  }

  protected override completionForKeyword(
    context: CompletionContext,
    keyword: GrammarAST.Keyword,
    accept: CompletionAcceptor,
  ): MaybePromise<void> {
    const snippet = startsBlock(keyword) ? SNIPPETS[keyword.value] : undefined;
    if (snippet === undefined) return super.completionForKeyword(context, keyword, accept);
    accept(context, {
      label: keyword.value,
      kind: CompletionItemKind.Snippet,
      insertText: snippet,
      insertTextFormat: InsertTextFormat.Snippet,
      labelDetails: { description: 'block' } satisfies CompletionItemLabelDetails,
      sortText: '1',
    });
  }

  /** Opening braces, commas and comparisons are typed faster than picked. */
  protected override filterKeyword(_context: CompletionContext, keyword: GrammarAST.Keyword): boolean {
    return /^[a-z]/.test(keyword.value);
  }
}

/**
 * Several statements may begin with the same words. A half-written one has been read as the first of them, and the names
 * that another one asks for are looked for in that other.
 */
function ofItsRule({ node }: CompletionContext, next: NextFeature, rule: string | undefined): NextFeature {
  const isOfAnother = GrammarAST.isCrossReference(next.feature) && next.type === undefined && node?.$type !== rule;
  return isOfAnother ? { ...next, type: rule } : next;
}

/** `memory` is a statement of hardware, of a child, of a reserve; a snippet belongs to the keyword that opens its rule. */
function startsBlock(keyword: GrammarAST.Keyword): boolean {
  const rule = AstUtils.getContainerOfType(keyword, GrammarAST.isParserRule);
  if (rule?.name === 'Target') return false;
  return AstUtils.streamAst(rule ?? keyword).find(GrammarAST.isKeyword) === keyword;
}

function offerUnits(context: CompletionContext, accept: CompletionAcceptor): void {
  const quantity = context.node && AstUtils.getContainerOfType(context.node, isQuantity);
  const slot = quantity && slotOf(quantity);
  // Behind a unit no second one is offered, only while the first is being typed.
  if (!slot || (quantity.unit !== undefined && context.tokenOffset >= (quantity.$cstNode?.end ?? 0))) return;
  const units = [...unitsFor(slot.dimension), ...(isInMegahertzToo(quantity) ? unitsFor('frequency') : [])];
  for (const [index, unit] of units.entries()) {
    accept(context, {
      label: unit,
      kind: CompletionItemKind.Unit,
      detail: slot.title,
      sortText: `0${index}`,
    });
  }
}

/** ESXi reserves and limits MHz of the whole machine, or a percentage. */
function isInMegahertzToo({ $container: clause, $containerProperty: property }: Quantity): boolean {
  if (!isProcessorsClause(clause) || (property !== 'reserve' && property !== 'limit')) return false;
  return AstUtils.getContainerOfType(clause, isHostDeclaration)?.hypervisor?.architecture === 'esxi';
}

function offerKnownTexts(
  context: CompletionContext,
  { feature, property, type }: NextFeature,
  rule: string | undefined,
  accept: CompletionAcceptor,
): void {
  const offer = (texts: string[], detail: string) => {
    for (const [index, text] of texts.entries()) {
      accept(context, {
        label: text,
        kind: CompletionItemKind.Value,
        detail,
        sortText: `0${String(index).padStart(3, '0')}`,
      });
    }
  };
  if (rule === 'Release' && isHyperV(context) && beginsRelease(feature))
    offer(
      RELEASES.map(({ id }) => id),
      'Hyper-V release',
    );
  if (property === 'operatingSystem')
    offer(
      GUESTS.map(({ title }) => `"${title}"`),
      'operating system',
    );
  if (property === 'off' && (type === undefined || rule === 'IntegrationServicesClause')) {
    offer(
      INTEGRATION_SERVICES.map(({ title }) => `"${title}"`),
      'integration service',
    );
  }
}

/** The releases are those of Hyper-V; other hypervisors have numbers of their own. */
function isHyperV({ node }: CompletionContext): boolean {
  const hypervisor = AstUtils.getContainerOfType(node, isHypervisorSpec);
  return hypervisor === undefined || hypervisor.architecture === 'hyper-v';
}

/** A release is a number, and a word where it has an R: behind the number none begins. */
function beginsRelease(feature: GrammarAST.AbstractElement): boolean {
  return GrammarAST.isRuleCall(feature) && feature.rule.ref?.name === 'NUMBER';
}
