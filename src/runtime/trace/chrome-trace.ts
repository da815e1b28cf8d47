import type { RunResult } from '../../protocol/run-result.js';

interface ChromeEvent {
  ph: 'X' | 'M';
  name: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts?: number;
  dur?: number;
  args?: { name: string };
}

/**
 * The timeline of a run in the Trace Event Format of Chrome and Perfetto: every group of tracks is a process, every
 * track a thread, both named by metadata events.
 */
export function chromeTrace(result: RunResult): string {
  const events: ChromeEvent[] = [];
  const processes = new Map<string, number>();
  const threads = new Map<string, { pid: number; tid: number }>();
  for (const { track, name, startNs, durationNs } of result.trace ?? []) {
    let thread = threads.get(track);
    if (!thread) {
      const [group = track, member = track] = track.split('/');
      let pid = processes.get(group);
      if (pid === undefined) {
        pid = processes.size + 1;
        processes.set(group, pid);
        events.push({ ph: 'M', name: 'process_name', pid, tid: 0, args: { name: group } });
      }
      thread = { pid, tid: threads.size + 1 };
      threads.set(track, thread);
      events.push({ ph: 'M', name: 'thread_name', ...thread, args: { name: member } });
    }
    events.push({ ph: 'X', name, ...thread, ts: startNs / 1000, dur: durationNs / 1000 });
  }
  return `${JSON.stringify({ displayTimeUnit: 'ns', traceEvents: events })}\n`;
}
