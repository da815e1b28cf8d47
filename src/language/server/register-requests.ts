import type { Connection } from 'vscode-languageserver';
import type { HvhostServices } from '../module.js';
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
} from '../requests.js';
import { modelOf } from './model-request.js';
import { hostsOf, scenariosOf } from './runnable-requests.js';

/** What an editor can ask beyond the Language Server Protocol; the first question waits for the workspace to be read. */
export function registerRequests(connection: Connection, services: HvhostServices): void {
  const ready = () => services.shared.workspace.WorkspaceManager.ready;
  connection.onRequest<ModelResult, void>(MODEL_REQUEST, (params: ModelParams) =>
    ready().then(() => modelOf(services, params)),
  );
  connection.onRequest<HostsResult, void>(HOSTS_REQUEST, (params: HostsParams) =>
    ready().then(() => hostsOf(services, params)),
  );
  connection.onRequest<ScenariosResult, void>(SCENARIOS_REQUEST, (params: ScenariosParams) =>
    ready().then(() => scenariosOf(services, params)),
  );
}
