import { useState } from 'preact/hooks';
import type { HostPicture } from '../../protocol/protocol.js';
import { partitionsOf } from '../partitions.js';
import { latest, run, selected } from '../store.js';
import { EventList } from './event-list.js';
import { TimelineChart, TimelineKey } from './timeline-chart.js';

type Span = 'all' | 'boot' | 'work';

/** What happened when: bars for what takes time, marks for moments, and the same as a list. */
export function Timeline({ picture }: { picture: HostPicture }) {
  const [span, setSpan] = useState<Span>('all');
  const { events, eventsLeftOut, readyNs } = run.value;
  const partitions = partitionsOf(picture);
  const endNs = run.value.result?.timeNs ?? latest.value?.timeNs ?? 0;
  const fromNs = span === 'work' ? (readyNs ?? 0) : 0;
  const toNs = span === 'boot' ? (readyNs ?? endNs) : endNs;
  const filter = selected.value;
  const shown = events.filter(
    (event) =>
      (filter === null || event.partition === filter) &&
      event.timeNs >= fromNs &&
      event.timeNs - (event.durationNs ?? 0) <= toNs,
  );
  return (
    <section aria-labelledby="timeline-title">
      <div class="section-head">
        <h2 id="timeline-title">Timeline</h2>
        <label>
          <span>Partition</span>
          <select
            value={filter ?? ''}
            onChange={(event) => {
              selected.value = event.currentTarget.value || null;
            }}
          >
            <option value="">all</option>
            {partitions.map((partition) => (
              <option key={partition.name}>{partition.name}</option>
            ))}
          </select>
        </label>
        <label>
          <span>Show</span>
          <select value={span} onChange={(event) => setSpan(event.currentTarget.value as Span)}>
            <option value="all">everything</option>
            <option value="boot">until the host was ready</option>
            <option value="work">after it was ready</option>
          </select>
        </label>
      </div>
      {events.length === 0 ? (
        <p class="empty">Nothing has happened yet.</p>
      ) : (
        <>
          <TimelineChart
            events={shown}
            rows={[null, ...partitions.map((p) => p.name)].filter((row) => filter === null || row === filter)}
            fromNs={fromNs}
            toNs={Math.max(toNs, fromNs + 1)}
            readyNs={readyNs}
          />
          <TimelineKey events={shown} />
          <EventList events={shown} />
          {eventsLeftOut > 0 && <p class="note">{eventsLeftOut} later events are not kept by this page.</p>}
        </>
      )}
    </section>
  );
}
