import type { RunResult } from '../../protocol/protocol.js';

interface ChromeEvent {
  ph: 'X' | 'M';
  name: string;
  pid: number;
  tid: number;
  ts?: number;
  dur?: number;
  args?: { name: string };
}

/** The timeline of a run in the Trace Event Format of Chrome and Perfetto; every track is a thread of the process "host". */
export function chromeTrace(result: RunResult): string {
  const events: ChromeEvent[] = [{ ph: 'M', name: 'process_name', pid: 1, tid: 0, args: { name: 'host' } }];
  const threads = new Map<string, number>();
  for (const { track, name, startNs, durationNs } of result.trace ?? []) {
    let tid = threads.get(track);
    if (tid === undefined) {
      tid = threads.size + 1;
      threads.set(track, tid);
      events.push({ ph: 'M', name: 'thread_name', pid: 1, tid, args: { name: track } });
    }
    events.push({ ph: 'X', name, pid: 1, tid, ts: startNs / 1000, dur: durationNs / 1000 });
  }
  return `${JSON.stringify({ displayTimeUnit: 'ns', traceEvents: events })}\n`;
}
