import type { EngineEvent, HostPicture, PanelMessage, RunOptions } from '../protocol/protocol.js';
import type { Recording } from '../protocol/report.js';
import type { RunResult } from '../protocol/run-result.js';
import type { RunEvent, Snapshot } from '../protocol/snapshot.js';

export type RunStatus =
  | 'loading'
  | 'unavailable'
  | 'idle'
  | 'running'
  | 'paused'
  | 'finished'
  | 'cancelled'
  | 'refused'
  | 'crashed';

/** Everything the page shows. A new value for every change, so that views can compare by identity. */
export interface RunState {
  status: RunStatus;
  /** Why the run was refused, crashed, or the host cannot be shown. */
  message: string | null;
  picture: HostPicture | null;
  options: RunOptions | null;
  /** In order of time; thinned out when a run is long. */
  snapshots: Snapshot[];
  events: RunEvent[];
  /** Events beyond what a page can usefully hold. */
  eventsLeftOut: number;
  /** Virtual time at which the host was ready to start children; null before. */
  readyNs: number | null;
  result: RunResult | null;
}

export const EMPTY: RunState = {
  status: 'loading',
  message: null,
  picture: null,
  options: null,
  snapshots: [],
  events: [],
  eventsLeftOut: 0,
  readyNs: null,
  result: null,
};

const MOST_SNAPSHOTS = 1200;
const MOST_EVENTS = 5000;

export function reduce(state: RunState, message: PanelMessage): RunState {
  switch (message.type) {
    case 'host':
      return { ...EMPTY, status: 'idle', picture: message.picture, options: message.options };
    case 'unavailable':
      return { ...EMPTY, status: 'unavailable', message: message.reason };
    case 'engine':
      return reduceEngine(state, message.event);
  }
}

/** The state at the end of a recorded run. */
export function replay(recording: Recording): RunState {
  const messages: PanelMessage[] = [
    { type: 'host', picture: recording.picture, options: recording.options },
    ...recording.snapshots.map((snapshot): PanelMessage => ({ type: 'engine', event: { type: 'snapshot', snapshot } })),
    { type: 'engine', event: { type: 'finished', result: recording.result } },
  ];
  return messages.reduce(reduce, EMPTY);
}

function reduceEngine(state: RunState, event: EngineEvent): RunState {
  switch (event.type) {
    case 'snapshot':
      return addSnapshot(state, event.snapshot);
    case 'paused':
      return { ...state, status: 'paused' };
    case 'resumed':
      return { ...state, status: 'running' };
    case 'finished':
      return { ...state, status: 'finished', result: event.result, readyNs: event.result.readyNs };
    case 'cancelled':
      return { ...state, status: 'cancelled' };
    case 'refused':
      return { ...state, status: 'refused', message: `${event.reason.code}: ${event.reason.message}` };
    case 'crashed':
      return { ...state, status: 'crashed', message: event.message };
  }
}

function addSnapshot(state: RunState, snapshot: Snapshot): RunState {
  const all = [...state.snapshots, snapshot];
  const room = MOST_EVENTS - state.events.length;
  return {
    ...state,
    status: state.status === 'paused' ? 'paused' : 'running',
    snapshots: all.length > MOST_SNAPSHOTS ? thinned(all) : all,
    events: snapshot.events.length > 0 ? [...state.events, ...snapshot.events.slice(0, room)] : state.events,
    eventsLeftOut: state.eventsLeftOut + Math.max(0, snapshot.events.length - room),
    readyNs: state.readyNs ?? (snapshot.phase === 'ready' ? snapshot.timeNs : null),
  };
}

/** Every second snapshot, and always the newest. */
function thinned(snapshots: Snapshot[]): Snapshot[] {
  const last = snapshots.length - 1;
  return snapshots.filter((_, i) => i % 2 === last % 2);
}
