import {
  type AstReflection,
  AstUtils,
  DefaultDocumentValidator,
  type LangiumCoreServices,
  type LangiumDocument,
  type ParseResult,
  type ReferenceInfo,
  type ValidationOptions,
} from 'langium';
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import {
  BenchmarkDeclaration,
  ChildDeclaration,
  HardwareDeclaration,
  HostDeclaration,
  isHostDeclaration,
  isHvhostFile,
  isScenarioDeclaration,
  PhysicalDiskDeclaration,
  PhysicalNicDeclaration,
  ScenarioDeclaration,
  SwitchDeclaration,
  WorkloadDeclaration,
} from '../generated/ast.js';
import { isPartOfForgottenUnit, linesWithForgottenUnit } from './forgotten-unit.js';
import { describe } from './report.js';
import type { RuleCode } from './rules.js';

/** One fault of the text rarely comes alone in a parser's eyes; more than this many say no more than these. */
const MOST_PARSER_ERRORS = 10;

const CALLED: Record<string, string> = {
  [HardwareDeclaration.$type]: 'hardware',
  [HostDeclaration.$type]: 'host',
  [WorkloadDeclaration.$type]: 'workload',
  [ScenarioDeclaration.$type]: 'scenario',
  [BenchmarkDeclaration.$type]: 'benchmark',
  [ChildDeclaration.$type]: 'child of this host',
  [SwitchDeclaration.$type]: 'switch of this host',
  [PhysicalDiskDeclaration.$type]: 'disk of the hardware of this host',
  [PhysicalNicDeclaration.$type]: 'network adapter of the hardware of this host',
};

/** Gives the faults that Langium finds itself (characters, grammar, names) the codes and the calm of the other rules. */
export class HvhostDocumentValidator extends DefaultDocumentValidator {
  private readonly reflection: AstReflection;

  constructor(services: LangiumCoreServices) {
    super(services);
    this.reflection = services.shared.AstReflection;
  }

  protected override processLexingErrors(result: ParseResult, found: Diagnostic[], options: ValidationOptions): void {
    found.push(...collect('HV002', (into) => super.processLexingErrors(result, into, options)));
  }

  protected override processParsingErrors(result: ParseResult, found: Diagnostic[], options: ValidationOptions): void {
    // A character that cannot be read has been reported; what the parser misses behind it is the same fault.
    const taken = new Set(found.map(({ range }) => range.start.line));
    if (isHvhostFile(result.value)) for (const line of linesWithForgottenUnit(result.value)) taken.add(line);
    const own = { ...result, parserErrors: result.parserErrors.filter((error) => !isBehindOpenText(error)) };
    for (const diagnostic of collect('HV001', (into) => super.processParsingErrors(own, into, options))) {
      if (taken.has(diagnostic.range.start.line)) continue;
      taken.add(diagnostic.range.start.line);
      found.push(diagnostic);
      if (taken.size >= MOST_PARSER_ERRORS) return;
    }
  }

  protected override processLinkingErrors(document: LangiumDocument, found: Diagnostic[]): void {
    for (const { error, $refNode } of document.references) {
      if (!error || !$refNode || isFollowUp(error.info)) continue;
      const type = this.reflection.getReferenceType(error.info);
      const name = $refNode.text;
      found.push({
        ...coded('HV101', { type, name }),
        severity: DiagnosticSeverity.Error,
        range: $refNode.range,
        message: `There is no ${CALLED[type] ?? 'thing'} named '${name}'.`,
        source: this.getSource(),
      });
    }
  }
}

/** What cannot be found in unknown hardware or an unknown host is no fault of its own. */
function isFollowUp({ container, property }: ReferenceInfo): boolean {
  if (property === 'physicalDisk' || property === 'nic') {
    return AstUtils.getContainerOfType(container, isHostDeclaration)?.hardware?.ref === undefined;
  }
  if (property === 'child' && isPartOfForgottenUnit(container)) return true;
  if (property === 'child')
    return AstUtils.getContainerOfType(container, isScenarioDeclaration)?.host?.ref === undefined;
  return false;
}

/** A text without its closing quote has swallowed the rest of its line; that is one fault, and HV003 says so. */
function isBehindOpenText(error: ParseResult['parserErrors'][number]): boolean {
  if (!('previousToken' in error)) return false;
  const { image } = error.previousToken as { image: string };
  return image.startsWith('"') && (image.length === 1 || !image.endsWith('"'));
}

function collect(code: RuleCode, process: (into: Diagnostic[]) => void): Diagnostic[] {
  const found: Diagnostic[] = [];
  process(found);
  return found.map((diagnostic) => ({ ...diagnostic, ...coded(code) }));
}

function coded(code: RuleCode, data: object = {}): Pick<Diagnostic, 'code' | 'codeDescription' | 'data'> {
  return { code, codeDescription: describe(code), data: { code, ...data } };
}
