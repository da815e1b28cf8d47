/** What an editor asks the language server beyond the Language Server Protocol. Plain data, no Langium. */
import type { Position, Range } from 'vscode-languageserver-types';
import type { HostModel } from '../model/host-model.js';

/** The model of a host of a file: the first one unless `host` names it. */
export const MODEL_REQUEST = 'hvhost/model';

export interface ModelParams {
  uri: string;
  host?: string;
}

export type ModelResult = { ok: true; model: HostModel } | { ok: false; problems: ModelProblem[] };

/** Why there is no model, at its place; the files it imports have problems of their own. */
export interface ModelProblem {
  message: string;
  code: string;
  range: Range;
  uri: string;
}

/** The names of the hosts that can be run from a file. */
export const HOSTS_REQUEST = 'hvhost/hosts';

export interface HostsParams {
  uri: string;
}

export type HostsResult = string[];

/** The scenarios that can be played from a file; those at a position of the file, if one is given, come first. */
export const SCENARIOS_REQUEST = 'hvhost/scenarios';

export interface ScenariosParams {
  uri: string;
  position?: Position;
}

export type ScenariosResult = { name: string; host: string }[];

/** Commands that code lenses carry; the extension registers them. */
export const RUN_HOST_COMMAND = 'hvhost.runHost';
export const RUN_SCENARIO_COMMAND = 'hvhost.runScenario';
export const BOOT_CHILD_COMMAND = 'hvhost.bootChild';
export type RunHostArguments = [uri: string, host: string];
export type RunScenarioArguments = [uri: string, host: string, scenario: string];
export type BootChildArguments = [uri: string, host: string, child: string];

/** Server to client, in the browser only: the text of a file, or null when there is none. The client reads it from VS Code's file system. */
export const READ_FILE_REQUEST = 'hvhost/readFile';

export interface ReadFileParams {
  uri: string;
}

export type ReadFileResult = string | null;

/** What an editor tells the server when it starts it. */
export interface ServerOptions {
  /** The workspace is not trusted: only files of its folders are read. */
  confined: boolean;
}
