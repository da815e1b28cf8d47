import assert from 'node:assert/strict';
import { chromeTrace } from '../../../src/runtime/trace/chrome-trace.js';
import { cathedral, host, INSTANT, run, withCosts } from '../hosts.js';

interface Event {
  ph: string;
  name: string;
  pid: number;
  tid: number;
  ts: number;
  dur: number;
  args: { name: string };
}

describe('chrome trace', () => {
  it('names every track and nests what is on one', () => {
    const { result } = run(withCosts(cathedral(), INSTANT), { horizonNs: 5e9, trace: true });
    const { traceEvents } = JSON.parse(chromeTrace(result)) as { traceEvents: Event[] };
    const processes = traceEvents.filter(({ name }) => name === 'process_name').map(({ args }) => args.name);
    assert.deepEqual(processes.sort(), ['Logical processors', 'mail', 'parent', 'payroll', 'raid0', 'web']);
    const names = new Set(traceEvents.map(({ name }) => name));
    for (const name of [
      'request',
      'interrupt',
      'hypercall',
      'intercept: I/O port',
      'VSP storage of web',
      'worker process of payroll',
    ]) {
      assert.ok(names.has(name), name);
    }
    const tracks = new Map<number, Event[]>();
    for (const event of traceEvents)
      if (event.ph === 'X') tracks.set(event.tid, [...(tracks.get(event.tid) ?? []), event]);
    for (const events of tracks.values()) assertNested(events);
  });

  it('says where the timeline ends when it is full', () => {
    const long = (horizonNs: number) => run(withCosts(cathedral(), INSTANT), { horizonNs, trace: true }).result;
    const full = long(90e9);
    const note = full.notes.find((each) => each.startsWith('The timeline'));
    const seconds = Number(
      /^The timeline holds its first 200,000 bars: it ends ([\d.]+) s after/.exec(note ?? '')?.[1],
    );
    const last = full.trace!.at(-1)!;
    assert.ok(Math.abs(last.startNs + last.durationNs - full.readyNs - seconds * 1e9) < 0.1e9, note);
    assert.ok(!long(1e9).notes.some((each) => each.startsWith('The timeline')));
  });

  it('is valid without a timeline', () => {
    const { result } = run(host(), { horizonNs: 1e9 });
    assert.deepEqual(JSON.parse(chromeTrace(result)).traceEvents, []);
  });
});

function assertNested(events: Event[]): void {
  const open: number[] = [];
  for (const { ts, dur } of events.sort((a, b) => a.ts - b.ts || b.dur - a.dur)) {
    while (open.length > 0 && open.at(-1)! <= ts + 1e-6) open.pop();
    assert.ok(open.length === 0 || ts + dur <= open.at(-1)! + 1e-6, 'two slices of a track overlap');
    open.push(ts + dur);
  }
}
