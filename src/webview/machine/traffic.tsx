import type { MachineTraffic } from '../../protocol/machine.js';
import { LineChart } from '../charts/line-chart.js';
import { formatCount } from '../format.js';

const LINES = [
  { label: 'hypercalls', color: '--series-0', dash: [] },
  { label: 'packets', color: '--series-2', dash: [6, 3] },
  { label: 'interrupts', color: '--series-3', dash: [2, 3] },
];

/** What went over the seam between guest and hypervisor: second by second, and by hypercall and channel. */
export function Traffic({ history }: { history: readonly MachineTraffic[] }) {
  const now = history.at(-1)!;
  const before = history.at(-2) ?? now;
  const totals = history.map(totalsOf);
  const perSecond = totals
    .slice(1)
    .map((total, at) => total.map((value, line) => Math.max(0, value - totals[at]![line]!)));
  const seconds = perSecond.map((_, at) => at);
  const series = LINES.map((line, index) => ({ ...line, values: perSecond.map((rates) => rates[index]!) }));
  return (
    <section aria-labelledby="traffic-title">
      <h2 id="traffic-title">VMBus and hypercalls</h2>
      <LineChart
        title="Each second: hypercalls (solid), packets (dashed), interrupts for channels (dotted)"
        summary={`The last ${perSecond.length} seconds.`}
        seconds={seconds}
        series={series}
        strong={null}
        format={formatCount}
        binary={false}
      />
      <table>
        <thead>
          <tr>
            <th scope="col" class="word">
              Hypercall
            </th>
            <th scope="col">Count</th>
            <th scope="col">In a second</th>
          </tr>
        </thead>
        <tbody>
          {now.hypercalls.map(({ name, count }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{formatCount(count)}</td>
              <td>{formatCount(count - (before.hypercalls.find((call) => call.name === name)?.count ?? 0))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table>
        <thead>
          <tr>
            <th scope="col" class="word">
              Channel
            </th>
            <th scope="col">Packets from the guest</th>
            <th scope="col">Packets to the guest</th>
            <th scope="col">Interrupts</th>
          </tr>
        </thead>
        <tbody>
          {now.channels.map(({ device, fromGuest, toGuest, interrupts }, at) => (
            <tr key={at}>
              <th scope="row">{device}</th>
              <td>{formatCount(fromGuest)}</td>
              <td>{formatCount(toGuest)}</td>
              <td>{formatCount(interrupts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Hypercalls, packets and interrupts. */
function totalsOf({ hypercalls, channels }: MachineTraffic): number[] {
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
  return [
    sum(hypercalls.map(({ count }) => count)),
    sum(channels.map(({ fromGuest, toGuest }) => fromGuest + toGuest)),
    sum(channels.map(({ interrupts }) => interrupts)),
  ];
}
