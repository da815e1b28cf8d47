import type { AdmissionReport } from '../model/admission.js';
import { formatBytes, formatLps } from './format.js';
import { Icon } from './icons.js';
import { ScrollRegion } from './scroll-region.js';

/** What is given away before anything runs, and what is left: memory and logical processors. */
export function Admission({ report }: { report: AdmissionReport }) {
  const started = report.children.filter((child) => child.refusals.length === 0);
  return (
    <section aria-labelledby="admission-title">
      <h2 id="admission-title">Admission</h2>
      <div class="admission-bars">
        <Bar
          title="Memory"
          total={report.memory.totalBytes}
          parent={report.memory.parentBytes}
          children={started.map((child) => ({ name: child.child, value: child.memoryBytes }))}
          format={formatBytes}
        />
        <Bar
          title="Processor reserves"
          total={report.cpu.totalLps}
          parent={report.cpu.parentLps}
          children={started.map((child) => ({ name: child.child, value: child.reservedLps }))}
          format={formatLps}
        />
      </div>
      {report.refusals.map((refusal) => (
        <p key={refusal.code} class="banner">
          {refusal.code} {refusal.message}
        </p>
      ))}
      <ScrollRegion label="Admission by child">
        <table>
          <caption>In start order</caption>
          <thead>
            <tr>
              <th scope="col">Child</th>
              <th scope="col">Memory</th>
              <th scope="col">Memory left</th>
              <th scope="col">CPU reserve</th>
              <th scope="col">CPU left</th>
              <th scope="col" class="word">
                Starts
              </th>
            </tr>
          </thead>
          <tbody>
            {report.children.map((child) => (
              <tr key={child.child}>
                <th scope="row">{child.child}</th>
                <td>{formatBytes(child.memoryBytes)}</td>
                <td>{formatBytes(child.memoryLeftBytes)}</td>
                <td>{formatLps(child.reservedLps)}</td>
                <td>{formatLps(child.lpsLeft)}</td>
                <td class="word">
                  <Icon name={child.refusals.length === 0 ? 'check' : 'cross'} />{' '}
                  {child.refusals.length === 0 ? 'yes' : 'no: '}
                  {child.refusals.map((refusal) => `${refusal.code} ${refusal.message}`).join(' ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}

/** A smaller share of a bar has no room for a name. */
const READABLE = 0.08;

interface BarProps {
  title: string;
  total: number;
  parent: number;
  children: { name: string; value: number }[];
  format: (value: number) => string;
}

function Bar({ title, total, parent, children, format }: BarProps) {
  const given = children.reduce((sum, child) => sum + child.value, parent);
  const share = (value: number) => ({ width: `${(100 * value) / total}%` });
  const label = `${title}: ${format(given)} of ${format(total)} reserved, ${format(parent)} of it by the parent, ${format(total - given)} left`;
  return (
    <figure class="admission-bar">
      <figcaption>
        {title} <span class="number">{format(total - given)} left</span> of {format(total)}
      </figcaption>
      <div class="stack" role="img" aria-label={label}>
        <span class="share parent" style={share(parent)} title={`parent: ${format(parent)}`}>
          parent
        </span>
        {children
          .filter((child) => child.value > 0)
          .map((child) => (
            <span
              key={child.name}
              class="share children"
              style={share(child.value)}
              title={`${child.name}: ${format(child.value)}`}
            >
              {child.value / total >= READABLE && child.name}
            </span>
          ))}
      </div>
    </figure>
  );
}
