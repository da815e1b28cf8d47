import { GrammarUtils, type LangiumDocument } from 'langium';
import type { CodeLensProvider } from 'langium/lsp';
import type { CodeLens } from 'vscode-languageserver';
import { isHostDeclaration, isScenarioDeclaration } from '../generated/ast.js';
import {
  RUN_HOST_COMMAND,
  RUN_SCENARIO_COMMAND,
  type RunHostArguments,
  type RunScenarioArguments,
} from '../requests.js';
import { fileOf } from '../scoping/imports.js';

/** `Run Host` above each host and `Run Scenario` above each scenario. */
export class HvhostCodeLenses implements CodeLensProvider {
  provideCodeLens(document: LangiumDocument): CodeLens[] {
    const uri = document.uri.toString();
    return (fileOf(document)?.declarations ?? []).flatMap((node): CodeLens[] => {
      const range = GrammarUtils.findNodeForProperty(node.$cstNode, 'name')?.range;
      if (range === undefined) return [];
      if (isHostDeclaration(node)) {
        const args: RunHostArguments = [uri, node.name];
        return [{ range, command: { title: 'Run Host', command: RUN_HOST_COMMAND, arguments: args } }];
      }
      if (isScenarioDeclaration(node) && node.host) {
        const args: RunScenarioArguments = [uri, node.host.$refText, node.name];
        return [{ range, command: { title: 'Run Scenario', command: RUN_SCENARIO_COMMAND, arguments: args } }];
      }
      return [];
    });
  }
}
