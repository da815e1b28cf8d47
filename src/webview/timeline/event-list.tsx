import { useState } from 'preact/hooks';
import type { RunEvent } from '../../protocol/snapshot.js';
import { formatTime } from '../format.js';
import { Icon } from '../icons.js';
import { ScrollRegion } from '../scroll-region.js';

const AT_ONCE = 200;

/** The timeline in words. */
export function EventList({ events }: { events: RunEvent[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? events : events.slice(0, AT_ONCE);
  return (
    <details class="events">
      <summary>
        {events.length} {events.length === 1 ? 'event' : 'events'} as a list
      </summary>
      <ScrollRegion label="Events">
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col" class="word">
                Partition
              </th>
              <th scope="col" class="word">
                Kind
              </th>
              <th scope="col" class="word">
                What
              </th>
              <th scope="col">Took</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((event, i) => (
              <tr key={i}>
                <td>{formatTime(event.timeNs)}</td>
                <td class="word">{[event.host, event.partition ?? 'host'].filter(Boolean).join(': ')}</td>
                <td class="word">
                  <Icon name={event.category} /> {event.category}
                </td>
                <td class="word">
                  {event.title}
                  {event.detail && <span class="seen">{event.detail}</span>}
                </td>
                <td>{event.durationNs ? formatTime(event.durationNs) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {shown.length < events.length && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {events.length}
        </button>
      )}
    </details>
  );
}
