import { type AstNode, type AstReflection, AstUtils, isAstNode, isReference } from 'langium';
import {
  type HostDeclaration,
  HvhostAstReflection,
  type HvhostFile,
  isHvhostFile,
  isQuantity,
  isScenarioDeclaration,
} from './generated/ast.js';
import { isAtEnd } from './incremental/moved-errors.js';
import { readQuantity } from './quantity.js';

const reflection: AstReflection = new HvhostAstReflection();

/**
 * Is everything there that a model needs: no half-written statement, every name resolved and given once, every number
 * readable? Rules that compute with a host run only on sound ones; the faults themselves are reported by other rules.
 */
export function isSoundHost(host: HostDeclaration): boolean {
  const hardware = host.hardware?.ref;
  if (hardware === undefined || !isSound(hardware) || !isSound(host)) return false;
  if (isBrokenText(hardware) || isBrokenText(host)) return false;
  const named = [host.switches, host.children, hardware.disks, hardware.nics];
  if (!named.every(hasDistinctNames)) return false;
  return host.children.every((child) => child.workload?.ref === undefined || isSound(child.workload.ref));
}

/** Scenarios and benchmarks belong to a host, but a broken one does not keep the host from being checked. */
export function isSound(node: AstNode): boolean {
  if (!reflection.isComplete(node)) return false;
  if (isQuantity(node)) return typeof readQuantity(node) === 'number';
  return Object.entries(node).every(([name, value]) => name.startsWith('$') || isSoundValue(value));
}

function isSoundValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isSoundValue);
  if (isReference(value)) return value.ref !== undefined;
  return !isAstNode(value) || isSound(value);
}

/** What the parser could not read it left out, so a part of the text may be missing in the node. */
function isBrokenText(node: AstNode): boolean {
  const { lexerErrors, parserErrors } = AstUtils.getDocument(node).parseResult;
  // An error at the end of the file may be due to any block that is not closed.
  if (parserErrors.some(isAtEnd)) return true;
  const offsets = [...lexerErrors.map(({ offset }) => offset), ...parserErrors.map(({ token }) => token.startOffset)];
  const { offset = 0, end = 0 } = node.$cstNode ?? {};
  return offsets.some((each) => each >= offset && each < end);
}

function hasDistinctNames(nodes: { name: string }[]): boolean {
  return new Set(nodes.map(({ name }) => name)).size === nodes.length;
}

/** Is the host sound, and all that is lowered with it: the scenarios of its own file and of the file it is run from? */
export function isRunnableHost(host: HostDeclaration, file: HvhostFile): boolean {
  const own = AstUtils.findRootNode(host);
  if (!isHvhostFile(own) || !isSoundHost(host)) return false;
  return [own, file].every(
    (each) =>
      !hasSyntaxErrors(each) &&
      each.declarations.every(
        (declaration) => !isScenarioDeclaration(declaration) || declaration.host?.ref !== host || isSound(declaration),
      ),
  );
}

function hasSyntaxErrors(file: HvhostFile): boolean {
  const { lexerErrors, parserErrors } = AstUtils.getDocument(file).parseResult;
  return lexerErrors.length + parserErrors.length > 0;
}
