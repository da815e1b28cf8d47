import { AstUtils, GrammarAST } from 'langium';
import { HvhostGrammar } from '../generated/grammar.js';

/** Every keyword of the language that is a word, sorted. */
export function allKeywords(): string[] {
  const words = AstUtils.streamAst(HvhostGrammar())
    .filter(GrammarAST.isKeyword)
    .map((keyword) => keyword.value)
    .filter((word) => /^[a-z]/.test(word));
  return [...new Set(words)].sort();
}

/** The words that can begin a statement in the block of a rule, in the order of the grammar; empty for rules without a block. */
export function blockWords(ruleName: string): string[] {
  const rule = HvhostGrammar().rules.find((candidate) => candidate.name === ruleName);
  if (!rule) return [];
  const block = AstUtils.streamAst(rule)
    .filter(GrammarAST.isAlternatives)
    .find((alternatives) => alternatives.cardinality === '*');
  return block ? [...new Set(firstWords(block))] : [];
}

/** The keywords with which a piece of the grammar can begin. */
function firstWords(element: GrammarAST.AbstractElement): string[] {
  if (GrammarAST.isKeyword(element)) return [element.value];
  if (GrammarAST.isAlternatives(element)) return element.elements.flatMap(firstWords);
  if (GrammarAST.isAssignment(element)) return firstWords(element.terminal);
  if (GrammarAST.isGroup(element)) return element.elements[0] ? firstWords(element.elements[0]) : [];
  if (GrammarAST.isRuleCall(element) && GrammarAST.isParserRule(element.rule.ref)) {
    return firstWords(element.rule.ref.definition);
  }
  return [];
}
