import {
  type AstNode,
  type AstReflection,
  AstUtils,
  Cancellation,
  DefaultDocumentValidator,
  interruptAndCheck,
  type LangiumCoreServices,
  type ParseResult,
  type ReferenceInfo,
  type ValidationAcceptor,
  type ValidationOptions,
} from 'langium';
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import {
  BenchmarkDeclaration,
  ChildDeclaration,
  CpuGroupDeclaration,
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
import { type Block, blocksOf } from '../incremental/blocks.js';
import { moveDiagnostic } from '../incremental/move-diagnostic.js';
import { wordsMeant } from '../parsing/messages.js';
import { isPartOfForgottenUnit, linesWithForgottenUnit } from './forgotten-unit.js';
import { describe, type Fix } from './report.js';
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
  [CpuGroupDeclaration.$type]: 'CPU group of this host',
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
    if (result.parserErrors.length === 0) return;
    // A character that cannot be read has been reported; what the parser misses behind it is the same fault.
    const taken = new Set(found.map(({ range }) => range.start.line));
    if (isHvhostFile(result.value)) for (const line of linesWithForgottenUnit(result.value)) taken.add(line);
    const own = { ...result, parserErrors: result.parserErrors.filter((error) => !isBehindOpenText(error)) };
    for (const diagnostic of collect('HV001', (into) => super.processParsingErrors(own, into, options))) {
      if (taken.has(diagnostic.range.start.line)) continue;
      taken.add(diagnostic.range.start.line);
      found.push(withWordsMeant(diagnostic));
      if (taken.size >= MOST_PARSER_ERRORS) return;
    }
  }

  /** They are found with the other faults of their block. */
  protected override processLinkingErrors(): void {}

  /** The file itself, then block by block; what was found in a block counts until it is forgotten. */
  protected override async validateAst(
    root: AstNode,
    { categories }: ValidationOptions,
    cancelToken = Cancellation.CancellationToken.None,
  ): Promise<Diagnostic[]> {
    const found: Diagnostic[] = [];
    const accept = (into: Diagnostic[]): ValidationAcceptor => {
      return (severity, message, info) => into.push(this.toDiagnostic(severity, message, info));
    };
    const check = async (node: AstNode, into: Diagnostic[]) => {
      for (const each of this.validationRegistry.getChecks(node.$type, categories)) {
        await each(node, accept(into), cancelToken);
      }
    };
    await check(root, found);
    for (const block of blocksOf(AstUtils.getDocument(root))) {
      if (block.checked === undefined && block.node) {
        const own = this.linkingErrors(block);
        for (const node of AstUtils.streamAst(block.node)) {
          await interruptAndCheck(cancelToken);
          await check(node, own);
        }
        block.checked = { line: block.place.line, diagnostics: own };
      }
      found.push(...diagnosticsOf(block));
    }
    return found;
  }

  private linkingErrors({ linked }: Block): Diagnostic[] {
    return (linked?.references ?? []).flatMap(({ error, $refNode }) => {
      if (!error || !$refNode || isFollowUp(error.info)) return [];
      const type = this.reflection.getReferenceType(error.info);
      const name = $refNode.text;
      return {
        ...coded('HV101', { type, name }),
        severity: DiagnosticSeverity.Error,
        range: $refNode.range,
        message: `There is no ${CALLED[type] ?? 'thing'} named '${name}'.`,
        source: this.getSource(),
      };
    });
  }
}

/** What was found in a block, where it stands now. */
function diagnosticsOf(block: Block): readonly Diagnostic[] {
  const { checked, place } = block;
  if (checked === undefined) return [];
  const lines = place.line - checked.line;
  if (lines === 0) return checked.diagnostics;
  const diagnostics = checked.diagnostics.map((diagnostic) => moveDiagnostic(diagnostic, lines));
  block.checked = { line: place.line, diagnostics };
  return diagnostics;
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

/** With the words that the parser takes for meant as quick fixes. */
function withWordsMeant(diagnostic: Diagnostic): Diagnostic {
  const { message, range } = diagnostic;
  const fixes = wordsMeant(`${message}`).map((word) => ({
    title: `Say \`${word}\``,
    edits: [{ range, newText: word }],
  })) satisfies Fix[];
  return { ...diagnostic, ...coded('HV001', { fixes }) };
}

function collect(code: RuleCode, process: (into: Diagnostic[]) => void): Diagnostic[] {
  const found: Diagnostic[] = [];
  process(found);
  return found.map((diagnostic) => ({ ...diagnostic, ...coded(code) }));
}

function coded(code: RuleCode, data: object = {}): Pick<Diagnostic, 'code' | 'codeDescription' | 'data'> {
  return { code, codeDescription: describe(code), data: { code, ...data } };
}
