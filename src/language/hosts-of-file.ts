import { AstUtils } from 'langium';
import {
  type Declaration,
  type HostDeclaration,
  type HvhostFile,
  isBenchmarkDeclaration,
  isHostDeclaration,
  isHvhostFile,
  isScenarioDeclaration,
} from './generated/ast.js';

/** The hosts that can be run from a file: those it declares, then imported ones that its scenarios and benchmarks name. */
export function hostsOfFile(file: HvhostFile | undefined): HostDeclaration[] {
  const declarations = file?.declarations ?? [];
  const named = declarations
    .filter((each) => isScenarioDeclaration(each) || isBenchmarkDeclaration(each))
    .flatMap((each) => each.host?.ref ?? []);
  return [...new Set([...declarations.filter(isHostDeclaration), ...named])];
}

/** What may be said about a host where it is run from a file: in that file and in the host's own. */
export function declarationsFor(host: HostDeclaration, file: HvhostFile = fileOfHost(host)): Declaration[] {
  return [...new Set([fileOfHost(host), file])].flatMap((each) => each.declarations);
}

function fileOfHost(host: HostDeclaration): HvhostFile {
  const root = AstUtils.findRootNode(host);
  return isHvhostFile(root) ? root : { $type: 'HvhostFile', imports: [], declarations: [] };
}
