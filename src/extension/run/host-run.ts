import { EventEmitter } from 'vscode';
import type { EngineCommand, EngineEvent, HostPicture, RunOptions } from '../../protocol/protocol.js';
import type { Recording } from '../../protocol/report.js';
import type { Snapshot } from '../../protocol/snapshot.js';
import type { EngineThread } from '../platform.js';

/** How a run ended. */
export type Ended = Extract<EngineEvent, { type: 'finished' | 'cancelled' | 'refused' | 'crashed' }>;

/** One run of one host: its engine, and all it has said so far for a page that comes late. */
export class HostRun {
  readonly events: EngineEvent[] = [];
  readonly ended: Promise<Ended>;
  private readonly emitter = new EventEmitter<EngineEvent>();
  readonly onEvent = this.emitter.event;
  private end: (ended: Ended) => void = () => {};
  private over = false;

  constructor(
    readonly picture: HostPicture,
    readonly options: RunOptions,
    private readonly engine: EngineThread,
  ) {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    engine.onEvent((event) => this.receive(event));
    engine.send({ type: 'run', model: picture.model, options });
  }

  get active(): boolean {
    return !this.over;
  }

  send(command: EngineCommand): void {
    if (this.active) this.engine.send(command);
  }

  /** Null until the run has finished. */
  recording(): Recording | null {
    const last = this.events.at(-1);
    if (last?.type !== 'finished') return null;
    const snapshots = this.events.flatMap((event): Snapshot[] => (event.type === 'snapshot' ? [event.snapshot] : []));
    return { picture: this.picture, options: this.options, snapshots, result: last.result };
  }

  /** Ends the engine at once; a run still going counts as cancelled. */
  dispose(): void {
    const timeNs = this.events.flatMap((event) => (event.type === 'snapshot' ? event.snapshot.timeNs : [])).at(-1) ?? 0;
    this.receive({ type: 'cancelled', timeNs });
    this.emitter.dispose();
  }

  private receive(event: EngineEvent): void {
    if (this.over) return;
    this.events.push(event);
    if (isEnd(event)) {
      this.over = true;
      this.engine.dispose();
    }
    this.emitter.fire(event);
    if (isEnd(event)) this.end(event);
  }
}

function isEnd(event: EngineEvent): event is Ended {
  return ['finished', 'cancelled', 'refused', 'crashed'].includes(event.type);
}
