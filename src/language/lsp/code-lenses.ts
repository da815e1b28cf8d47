import { type AstNode, GrammarUtils, type LangiumDocument } from 'langium';
import type { CodeLensProvider } from 'langium/lsp';
import type { CodeLens, Command } from 'vscode-languageserver';
import { isHostDeclaration, isScenarioDeclaration } from '../generated/ast.js';
import {
  BOOT_CHILD_COMMAND,
  type BootChildArguments,
  RUN_HOST_COMMAND,
  RUN_SCENARIO_COMMAND,
  type RunHostArguments,
  type RunScenarioArguments,
} from '../requests.js';
import { fileOf } from '../scoping/imports.js';

/** `Run Host` above each host, `Run Scenario` above each scenario, `Boot` above each child that boots a kernel. */
export class HvhostCodeLenses implements CodeLensProvider {
  provideCodeLens(document: LangiumDocument): CodeLens[] {
    const uri = document.uri.toString();
    return (fileOf(document)?.declarations ?? []).flatMap((node): CodeLens[] => {
      if (isHostDeclaration(node)) {
        const args: RunHostArguments = [uri, node.name];
        const children = node.children.filter((child) => child.boots !== undefined);
        return [
          ...lens(node, { title: 'Run Host', command: RUN_HOST_COMMAND, arguments: args }),
          ...children.flatMap((child) => {
            const arguments_: BootChildArguments = [uri, node.name, child.name];
            return lens(child, { title: 'Boot', command: BOOT_CHILD_COMMAND, arguments: arguments_ });
          }),
        ];
      }
      if (isScenarioDeclaration(node) && node.host) {
        const args: RunScenarioArguments = [uri, node.host.$refText, node.name];
        return lens(node, { title: 'Run Scenario', command: RUN_SCENARIO_COMMAND, arguments: args });
      }
      return [];
    });
  }
}

/** Above the name; none while the name is still to be typed. */
function lens(node: AstNode, command: Command): CodeLens[] {
  const range = GrammarUtils.findNodeForProperty(node.$cstNode, 'name')?.range;
  return range === undefined ? [] : [{ range, command }];
}
