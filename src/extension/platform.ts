import type { ExtensionContext } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import type { NeighbourThread } from '../machine-host/neighbours/neighbours.js';
import type { MachineCommand, MachineMessage } from '../protocol/machine.js';
import type { EngineCommand, EngineEvent } from '../protocol/protocol.js';

/** What differs between VS Code on the desktop and in a browser. */
export interface Platform {
  createLanguageClient(context: ExtensionContext, options: LanguageClientOptions): BaseLanguageClient;
  /** Logical processors of the computer that executes machine children. */
  readonly processors: number;
  startEngine(context: ExtensionContext): Promise<EngineThread>;
  startMachine(context: ExtensionContext): Promise<MachineThread>;
  /** The modelled children beside machine children: on an engine's thread. */
  startNeighbours(context: ExtensionContext): Promise<NeighbourThread>;
}

/** An engine on a thread of its own; one for each run. */
export type EngineThread = Thread<EngineCommand, EngineEvent>;

/** A machine child on a thread of its own; one for each boot. */
export type MachineThread = Thread<MachineCommand, MachineMessage>;

export interface Thread<Command, Event> {
  send(command: Command): void;
  onEvent(listener: (event: Event) => void): void;
  dispose(): void;
}

/** The event by which a machine's thread is said to have failed. */
export function machineFailed(detail: string): MachineMessage {
  return { type: 'ended', outcome: { why: 'emulator failure', detail } };
}

/** The event by which an engine's thread is said to have failed. */
export function engineFailed(message: string): EngineEvent {
  return { type: 'crashed', message };
}
