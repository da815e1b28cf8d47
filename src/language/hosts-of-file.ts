import {
  type HostDeclaration,
  type HvhostFile,
  isBenchmarkDeclaration,
  isHostDeclaration,
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
