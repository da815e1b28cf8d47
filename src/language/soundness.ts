import { type AstNode, type AstReflection, AstUtils } from 'langium';
import {
  type HostDeclaration,
  HvhostAstReflection,
  isHvhostFile,
  isQuantity,
  isScenarioDeclaration,
} from './generated/ast.js';
import { readQuantity } from './quantity.js';

const reflection: AstReflection = new HvhostAstReflection();

/**
 * Is everything there that a model needs: no half-written statement, every name resolved, every number readable?
 * Rules that compute with a host run only on sound ones; the faults themselves are reported by other rules.
 */
export function isSoundHost(host: HostDeclaration): boolean {
  const hardware = host.hardware?.ref;
  if (hardware === undefined || !isSound(hardware) || !isSound(host)) return false;
  return host.children.every((child) => child.workload?.ref === undefined || isSound(child.workload.ref));
}

/** Scenarios and benchmarks belong to a host, but a broken one does not keep the host from being checked. */
export function isSound(node: AstNode): boolean {
  if (!isSoundNode(node)) return false;
  for (const child of AstUtils.streamAllContents(node)) if (!isSoundNode(child)) return false;
  return true;
}

function isSoundNode(node: AstNode): boolean {
  if (!reflection.isComplete(node)) return false;
  if (isQuantity(node)) return typeof readQuantity(node) === 'number';
  for (const { reference } of AstUtils.streamReferences(node)) {
    if (!('ref' in reference) || reference.ref === undefined) return false;
  }
  return true;
}

/** Are the host and all that is lowered with it sound: also the scenarios of these files that play on it? */
export function isRunnableHost(host: HostDeclaration): boolean {
  const file = AstUtils.findRootNode(host);
  if (!isHvhostFile(file) || !isSoundHost(host)) return false;
  return file.declarations.every(
    (declaration) => !isScenarioDeclaration(declaration) || declaration.host?.ref !== host || isSound(declaration),
  );
}
