import type { AstNode, CstNode, DiagnosticInfo, ValidationAcceptor } from 'langium';
import type { CodeDescription, TextEdit } from 'vscode-languageserver';
import type { Limit } from '../../model/catalog/release.js';
import { isUncertain } from '../../model/catalog/source.js';
import { type RuleCode, ruleOf } from './rules.js';

/** Reports a broken rule at a place. */
export type Report = <N extends AstNode>(code: RuleCode, message: string, place: Place<N>) => void;

export type Place<N extends AstNode> = Pick<DiagnosticInfo<N>, 'node' | 'property' | 'index' | 'keyword' | 'range'> & {
  fixes?: Fix[];
};

/** A quick fix, ready to apply: the rule that finds a fault knows best what to write instead. */
export interface Fix {
  /** What the menu says. */
  title: string;
  edits: TextEdit[];
}

/** The `data` of every diagnostic of a rule. */
export interface RuleData {
  code: RuleCode;
  fixes: Fix[];
}

export function reporter(accept: ValidationAcceptor): Report {
  return (code, message, { fixes, ...place }) =>
    accept(ruleOf(code).severity, message, {
      ...place,
      code,
      codeDescription: describe(code),
      data: { code, fixes: fixes ?? [] } satisfies RuleData,
    });
}

export function describe(code: RuleCode): CodeDescription {
  return { href: `https://github.com/hvhost/hvhost/blob/main/docs/diagnostics.md#${code.toLowerCase()}` };
}

/** " (TechNet …)", and that it is only recalled or assumed where it is. */
export function cite({ source }: Pick<Limit, 'source'>): string {
  return isUncertain(source) ? ` (${source.standing}: ${source.text})` : ` (${source.text})`;
}

/** A fix that replaces a piece of the text. */
export function replaceWith(title: string, node: CstNode | undefined, newText: string): Fix[] {
  return node ? [{ title, edits: [{ range: node.range, newText }] }] : [];
}

/** A fix that adds words behind a piece of the text. */
export function addBehind(title: string, node: CstNode | undefined, newText: string): Fix[] {
  return node ? [{ title, edits: [{ range: { start: node.range.end, end: node.range.end }, newText }] }] : [];
}
