import type { Uri } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  HOSTS_REQUEST,
  type HostsParams,
  type HostsResult,
  MODEL_REQUEST,
  type ModelParams,
  type ModelResult,
} from '../language/requests.js';

/** Asks the language server about the hosts of a file, once it has started. */
export class Hosts {
  constructor(
    private readonly client: BaseLanguageClient,
    private readonly ready: Promise<void>,
  ) {}

  async of(uri: Uri): Promise<HostsResult> {
    await this.ready;
    const params: HostsParams = { uri: uri.toString() };
    return this.client.sendRequest<HostsResult>(HOSTS_REQUEST, params);
  }

  async model(uri: Uri, host: string): Promise<ModelResult> {
    await this.ready;
    const params: ModelParams = { uri: uri.toString(), host };
    return this.client.sendRequest<ModelResult>(MODEL_REQUEST, params);
  }
}
