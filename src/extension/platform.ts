import type { ExtensionContext } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import type { EngineCommand, EngineEvent } from '../protocol/protocol.js';

/** What differs between VS Code on the desktop and in a browser. */
export interface Platform {
  createLanguageClient(context: ExtensionContext, options: LanguageClientOptions): BaseLanguageClient;
  startEngine(context: ExtensionContext): Promise<EngineThread>;
}

/** An engine on a thread of its own; one for each run. */
export interface EngineThread {
  send(command: EngineCommand): void;
  onEvent(listener: (event: EngineEvent) => void): void;
  dispose(): void;
}
