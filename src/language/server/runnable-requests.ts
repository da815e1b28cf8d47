import type { Position, Range } from 'vscode-languageserver';
import { isHostDeclaration, isScenarioDeclaration, type ScenarioDeclaration } from '../generated/ast.js';
import { declarationsFor, hostsOfFile } from '../hosts-of-file.js';
import type { HvhostServices } from '../module.js';
import type { HostsParams, HostsResult, ScenariosParams, ScenariosResult } from '../requests.js';
import { fileOf } from '../scoping/imports.js';
import { checkedDocument } from './checked-document.js';

/** What can be run from a file, of one with errors, too: hosts and scenarios are found by their declarations. */
export async function hostsOf(services: HvhostServices, { uri }: HostsParams): Promise<HostsResult> {
  const document = await checkedDocument(services, uri);
  return hostsOfFile(fileOf(document)).flatMap(({ name }) => name ?? []);
}

/** Host by host, each in the order of its declarations; what stands at the position comes first, then others of its host. */
export async function scenariosOf(
  services: HvhostServices,
  { uri, position }: ScenariosParams,
): Promise<ScenariosResult> {
  const file = fileOf(await checkedDocument(services, uri));
  if (file === undefined) return [];
  const here = file.declarations.find(({ $cstNode }) => position && $cstNode && holds($cstNode.range, position));
  const hostHere = isScenarioDeclaration(here) ? here.host?.ref : isHostDeclaration(here) ? here : undefined;
  const rank = (scenario: ScenarioDeclaration) => (scenario === here ? 0 : scenario.host.ref === hostHere ? 1 : 2);
  return hostsOfFile(file)
    .flatMap((host) =>
      declarationsFor(host, file)
        .filter((each) => isScenarioDeclaration(each))
        .filter((each) => each.host?.ref === host),
    )
    .sort((a, b) => rank(a) - rank(b))
    .flatMap(({ name, host }) => (name ? { name, host: host.$refText } : []));
}

function holds({ start, end }: Range, { line, character }: Position): boolean {
  if (line < start.line || line > end.line) return false;
  return (line > start.line || character >= start.character) && (line < end.line || character <= end.character);
}
