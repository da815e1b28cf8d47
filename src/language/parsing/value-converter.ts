import { type CstNode, DefaultValueConverter, type GrammarAST, type ValueType } from 'langium';

/** Strings are taken as they stand: a backslash is a backslash, because Windows paths are full of them. */
export class HvhostValueConverter extends DefaultValueConverter {
  protected override runConverter(rule: GrammarAST.AbstractRule, input: string, cstNode: CstNode): ValueType {
    if (rule.name.toUpperCase() !== 'STRING') return super.runConverter(rule, input, cstNode);
    return input.length > 1 && input.endsWith('"') ? input.slice(1, -1) : input.slice(1);
  }
}
