import assert from 'node:assert/strict';
import type { EngineEvent, PanelMessage } from '../../src/protocol/protocol.js';
import type { Snapshot } from '../../src/protocol/snapshot.js';
import { EMPTY, type RunState, reduce, replay } from '../../src/webview/run-state.js';
import { recordingFixture } from '../ui/fixtures/recording.js';

const recording = recordingFixture();
const host: PanelMessage = { type: 'host', picture: recording.picture, options: recording.options };
const engine = (event: EngineEvent): PanelMessage => ({ type: 'engine', event });
const snapshots = (list: Snapshot[]) => list.map((snapshot) => engine({ type: 'snapshot', snapshot }));
const after = (...messages: PanelMessage[]): RunState => messages.reduce(reduce, EMPTY);

describe('the state of a panel', () => {
  it('replays a recording to its end', () => {
    const state = replay(recording);
    assert.equal(state.status, 'finished');
    assert.equal(state.result, recording.result);
    assert.equal(state.readyNs, recording.result.readyNs);
    assert.equal(state.events.length, recording.snapshots.flatMap((snapshot) => snapshot.events).length);
  });

  it('is idle with a host, runs with the first snapshot, and keeps a pause over a late one', () => {
    const [first, second] = snapshots(recording.snapshots) as [PanelMessage, PanelMessage];
    assert.equal(after(host).status, 'idle');
    assert.equal(after(host, first).status, 'running');
    assert.equal(after(host, first, engine({ type: 'paused' }), second).status, 'paused');
    assert.equal(after(host, first, engine({ type: 'paused' }), engine({ type: 'resumed' })).status, 'running');
  });

  it('forgets the run before when the host comes again', () => {
    const state = after(host, ...snapshots(recording.snapshots), host);
    assert.deepEqual([state.snapshots, state.events, state.result, state.readyNs], [[], [], null, null]);
  });

  it('notices when the host became ready', () => {
    const state = after(host, ...snapshots(recording.snapshots));
    const ready = recording.snapshots.find((snapshot) => snapshot.phase === 'ready');
    assert.equal(state.readyNs, ready?.timeNs);
  });

  it('says why there is nothing to see', () => {
    const refused = engine({ type: 'refused', reason: { code: 'HV701', message: 'not modelled' } });
    assert.equal(after(host, refused).message, 'HV701: not modelled');
    assert.equal(after({ type: 'unavailable', reason: 'errors' }).message, 'errors');
    assert.equal(after(host, engine({ type: 'crashed', message: 'defect' })).status, 'crashed');
  });

  it('thins a long run and keeps its newest moment', () => {
    const [template] = recording.snapshots as [Snapshot];
    const long = Array.from({ length: 5001 }, (_, i) => ({ ...template, timeNs: i, events: [] }));
    const state = after(host, ...snapshots(long));
    assert.ok(state.snapshots.length <= 1200);
    assert.equal(state.snapshots.at(-1)?.timeNs, 5000);
    const times = state.snapshots.map((snapshot) => snapshot.timeNs);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
  });

  it('counts the events it does not keep', () => {
    const [template] = recording.snapshots as [Snapshot];
    const event = { timeNs: 0, partition: null, category: 'life', title: 'x' } as const;
    const flood = { ...template, events: Array.from({ length: 6000 }, () => event) };
    const state = after(host, ...snapshots([flood, flood]));
    assert.equal(state.events.length + state.eventsLeftOut, 12_000);
    assert.ok(state.eventsLeftOut > 0);
  });
});
