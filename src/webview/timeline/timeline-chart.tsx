import type { RunEvent } from '../../protocol/snapshot.js';
import { formatTick, formatTime } from '../format.js';
import { timeTicks } from '../time-steps.js';

interface Props {
  events: RunEvent[];
  /** Names of partitions; null is the host itself. */
  rows: (string | null)[];
  fromNs: number;
  toNs: number;
  readyNs: number | null;
}

const ROW = 22;
const TICKS = 7;

/** A shape for each kind of moment, around 0, 0. */
const SHAPES: Record<RunEvent['category'], string> = {
  boot: 'M-1.5-6h3V6h-3z',
  life: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0',
  vmbus: 'M0-4.5 4.5 0 0 4.5-4.5 0z',
  memory: 'M-3.5-3.5h7v7h-7z',
  scenario: 'M0-5 4.5 3.5h-9z',
  fault: 'M-4-5.5 0-1.5 4-5.5 5.5-4 1.5 0 5.5 4 4 5.5 0 1.5-4 5.5-5.5 4-1.5 0-5.5-4z',
};

/**
 * Bars and marks over virtual time. An event with a duration began `durationNs` before its time. Positions are
 * percentages, so the picture follows the width without being measured.
 */
export function TimelineChart({ events, rows, fromNs, toNs, readyNs }: Props) {
  const percent = (ns: number) => Math.min(100, Math.max(0, (100 * (ns - fromNs)) / (toNs - fromNs)));
  const height = rows.length * ROW;
  // Counted from the left end, so that a scenario's `at 60 s` is found at 1:00 once the boot is out of the picture.
  const ticks = timeTicks(0, toNs - fromNs, TICKS).map((afterNs) => ({ afterNs, x: `${percent(fromNs + afterNs)}%` }));
  return (
    <div class="timeline" role="img" aria-label={`${events.length} events. The list below names them.`}>
      <div class="row-names">
        {rows.map((row) => (
          <span key={row ?? ''}>{row ?? 'host'}</span>
        ))}
      </div>
      <div class="rows">
        <svg width="100%" height={height} aria-hidden="true">
          {ticks.map(({ afterNs, x }) => (
            <line key={afterNs} class="tick" x1={x} x2={x} y1="0" y2={height} />
          ))}
          {readyNs !== null && readyNs > fromNs && readyNs < toNs && (
            <line class="ready" x1={`${percent(readyNs)}%`} x2={`${percent(readyNs)}%`} y1="0" y2={height} />
          )}
          {events.map((event, i) => {
            const row = rows.indexOf(event.partition);
            if (row < 0) return null;
            const title = `${formatTime(event.timeNs)}: ${event.title}`;
            const y = row * ROW;
            return <Mark key={i} event={event} y={y} title={title} percent={percent} />;
          })}
        </svg>
        <div class="tick-labels" aria-hidden="true">
          {ticks.map(({ afterNs, x }) => (
            <span key={afterNs} style={{ left: x }}>
              {formatTick(afterNs)}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

function Mark(props: { event: RunEvent; y: number; title: string; percent: (ns: number) => number }) {
  const { event, y, title, percent } = props;
  if (event.durationNs) {
    const start = percent(event.timeNs - event.durationNs);
    return (
      <rect
        class={`bar ${event.category}`}
        x={`${start}%`}
        y={y + 5}
        width={`${percent(event.timeNs) - start}%`}
        height={ROW - 10}
        rx="2"
      >
        <title>{title}</title>
      </rect>
    );
  }
  // The place follows the width of the page, the shape keeps its size.
  return (
    <svg class="mark-place" aria-hidden="true" x={`${percent(event.timeNs)}%`} y={y + ROW / 2} overflow="visible">
      <path class={`mark ${event.category}`} d={SHAPES[event.category]}>
        <title>{title}</title>
      </path>
    </svg>
  );
}

/** Which shape means what, for the kinds that occur. */
export function TimelineKey({ events }: { events: RunEvent[] }) {
  const kinds = new Set(events.filter((event) => !event.durationNs).map((event) => event.category));
  return (
    <ul class="key" aria-hidden="true">
      {[...kinds].map((kind) => (
        <li key={kind}>
          <svg width="14" height="14" viewBox="-7 -7 14 14">
            <title>{kind}</title>
            <path class={`mark ${kind}`} d={SHAPES[kind]} />
          </svg>
          {kind}
        </li>
      ))}
    </ul>
  );
}
