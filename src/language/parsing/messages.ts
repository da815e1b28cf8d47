import { AbstractParserErrorMessageProvider } from 'langium';
import { closestNames } from '../closest-names.js';
import { blockWords } from './grammar-words.js';

type MismatchOptions = Parameters<AbstractParserErrorMessageProvider['buildMismatchTokenMessage']>[0];
type RedundantOptions = Parameters<AbstractParserErrorMessageProvider['buildNotAllInputParsedMessage']>[0];
type NoAlternativeOptions = Parameters<AbstractParserErrorMessageProvider['buildNoViableAltMessage']>[0];

/** How the blocks and clauses of the grammar are called when people talk about them. */
const CALLED: Record<string, string> = {
  HardwareDeclaration: 'hardware',
  PhysicalProcessor: 'a processor',
  PhysicalDiskDeclaration: 'a physical disk',
  PhysicalNicDeclaration: 'a physical network adapter',
  HostDeclaration: 'a host',
  HypervisorSpec: 'a hypervisor',
  SwitchDeclaration: 'a virtual switch',
  CpuGroupDeclaration: 'a CPU group',
  ParentDeclaration: 'the parent',
  ParentReserveClause: "the parent's reserve",
  ChildDeclaration: 'a child',
  DiskDeclaration: 'a disk',
  NicDeclaration: 'a network adapter',
  WorkloadDeclaration: 'a workload',
  ScenarioDeclaration: 'a scenario',
  ExpectationDeclaration: 'an expectation',
  BenchmarkDeclaration: 'a benchmark',
};

/** More errors than a person makes in one file. */
const MOST_ERRORS = 200;

/** Fewer letters than this say nothing about the word that they begin. */
const LEAST_BEGUN = 3;

/** Thrown out of the parser to stop it. */
export class TooManyErrors extends Error {}

/** Says in plain words what was found and what could stand there instead. */
export class HvhostParserMessages extends AbstractParserErrorMessageProvider {
  private errors = 0;

  /** The parser asks for one message for each error, so this is where errors are counted. */
  beginFile(): void {
    this.errors = 0;
  }

  override buildMismatchTokenMessage({ expected, actual, ruleName }: MismatchOptions): string {
    this.countError();
    if (expected.name === 'EOF') return atTopLevel(actual.image);
    const rule = plainName(ruleName);
    const block = expected.name === '}' ? blockWords(rule) : [];
    if (block.length > 0) {
      const where = CALLED[rule] ?? 'this block';
      if (actual.image === '') return `${capital(where)} is not closed: expected \`}\` before the end of the file.`;
      return `${found(actual.image)} does not belong in ${where}. ${meant(actual.image, block) ?? `Expected ${oneOf(block)}, or \`}\`.`}`;
    }
    return `${found(actual.image)} cannot stand here. Expected ${wordFor(expected.name)}${inside(ruleName)}.`;
  }

  override buildNotAllInputParsedMessage({ firstRedundant }: RedundantOptions): string {
    return atTopLevel(firstRedundant.image);
  }

  override buildNoViableAltMessage({ expectedPathsPerAlt, actual, ruleName }: NoAlternativeOptions): string {
    this.countError();
    const first = expectedPathsPerAlt.flatMap((paths) => paths.flatMap((path) => (path[0] ? [path[0].name] : [])));
    const words = [...new Set(first)];
    // Where a name may stand every keyword may stand, too: the list would be the whole language.
    const expected = words.includes('ID') ? 'a name' : oneOf(words.map(bare));
    const image = actual[0]?.image ?? '';
    return `${found(image)} cannot stand here. ${meant(image, words) ?? `Expected ${expected}${inside(ruleName)}.`}`;
  }

  override buildEarlyExitMessage({
    actual,
    ruleName,
  }: Parameters<AbstractParserErrorMessageProvider['buildEarlyExitMessage']>[0]): string {
    return `${found(actual[0]?.image ?? '')} cannot stand here${inside(ruleName)}.`;
  }

  private countError(): void {
    this.errors++;
    if (this.errors > MOST_ERRORS) throw new TooManyErrors();
  }
}

/** Langium marks the names of its rules with an invisible character. */
function plainName(ruleName: string): string {
  return ruleName.replace(/\W/g, '');
}

function atTopLevel(image: string): string {
  const words = blockWords('HvhostFile');
  return `${found(image)} does not belong here, outside of any block. ${meant(image, words) ?? `Expected ${oneOf(words)}.`}`;
}

/** Where one of the words was nearly written, all others would only hide it. */
function meant(image: string, words: string[]): string | null {
  const known = words.filter((word) => /^[a-z]/.test(word));
  const begun = image.length >= LEAST_BEGUN ? known.filter((word) => word.startsWith(image)) : [];
  const close = begun.length > 0 ? begun : closestNames(image, known);
  return close.length > 0 ? `Did you mean ${oneOf(close)}?` : null;
}

/** The words that a message of this parser asks for, if it does. */
export function wordsMeant(message: string): string[] {
  const [, words] = message.match(/Did you mean (.*)\?$/) ?? [];
  return words?.match(/(?<=`)[a-z][\w-]*(?=`)/g) ?? [];
}

function inside(ruleName: string): string {
  const where = CALLED[plainName(ruleName)];
  return where ? ` in ${where}` : '';
}

function found(image: string): string {
  if (image === '') return 'The end of the file';
  const text = image.length > 30 ? `${image.slice(0, 30)}…` : image;
  return text.startsWith('"') ? `The text ${text}` : `\`${text}\``;
}

function wordFor(token: string): string {
  if (token === 'ID') return 'a name';
  if (token === 'STRING') return 'a text in double quotes';
  if (token === 'NUMBER') return 'a number';
  return `\`${bare(token)}\``;
}

function bare(token: string): string {
  return token === 'STRING' ? 'a text in double quotes' : token === 'NUMBER' ? 'a number' : token;
}

function oneOf(words: string[]): string {
  const quoted = words.map((word) => (word.startsWith('a ') ? word : `\`${word}\``));
  if (quoted.length < 2) return quoted.join('');
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
