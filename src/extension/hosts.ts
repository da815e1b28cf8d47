import type { Position, Uri } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  HOSTS_REQUEST,
  type HostsParams,
  type HostsResult,
  MODEL_REQUEST,
  type ModelParams,
  type ModelResult,
  SCENARIOS_REQUEST,
  type ScenariosParams,
  type ScenariosResult,
} from '../language/requests.js';

/** Asks the language server about what a file has to run, once it has started. */
export class Hosts {
  constructor(
    private readonly client: BaseLanguageClient,
    /** Resolves when the server can be asked. */
    private readonly ready: () => Promise<void>,
  ) {}

  async of(uri: Uri): Promise<HostsResult> {
    await this.ready();
    const params: HostsParams = { uri: uri.toString() };
    return this.client.sendRequest<HostsResult>(HOSTS_REQUEST, params);
  }

  /** Those at the position come first. */
  async scenarios(uri: Uri, position: Position | undefined): Promise<ScenariosResult> {
    await this.ready();
    // The server is no part of VS Code: a position of VS Code would reach it, or not, in a shape of its own.
    const at = position && { line: position.line, character: position.character };
    const params: ScenariosParams = { uri: uri.toString(), position: at };
    return this.client.sendRequest<ScenariosResult>(SCENARIOS_REQUEST, params);
  }

  async model(uri: Uri, host: string): Promise<ModelResult> {
    await this.ready();
    const params: ModelParams = { uri: uri.toString(), host };
    return this.client.sendRequest<ModelResult>(MODEL_REQUEST, params);
  }
}
