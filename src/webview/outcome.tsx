import { COSTS, type CostRow } from '../model/catalog/costs.js';
import type { CostShare, ExpectationResult } from '../protocol/protocol.js';
import { formatCount, formatPercent, formatTime } from './format.js';
import { Icon } from './icons.js';
import { ScrollRegion } from './scroll-region.js';
import { run } from './store.js';

/** What the run came to: expectations first, then where the processor time went. */
export function Outcome() {
  const { result } = run.value;
  if (!result || (result.expectations.length === 0 && result.costs.length === 0)) return null;
  return (
    <section class="outcome" aria-labelledby="outcome-title">
      <h2 id="outcome-title">Outcome</h2>
      <div class="outcome-parts">
        {result.expectations.length > 0 && (
          <ul class="expectations" aria-label="Expectations">
            {result.expectations.map((expectation) => (
              <Expectation key={expectation.text} expectation={expectation} />
            ))}
          </ul>
        )}
        {result.costs.length > 0 && <Costs costs={result.costs} />}
      </div>
    </section>
  );
}

function Expectation({ expectation }: { expectation: ExpectationResult }) {
  const { met, text, seen, atNs } = expectation;
  return (
    <li class={met ? 'met' : 'not-met'}>
      <span class="verdict">
        <Icon name={met ? 'check' : 'cross'} /> {met ? 'met' : 'not met'}
      </span>
      <span>
        <code>{text}</code>
        <span class="seen">
          {seen}
          {atNs !== null && `, at ${formatTime(atNs)}`}
        </span>
      </span>
    </li>
  );
}

function Costs({ costs }: { costs: CostShare[] }) {
  const sorted = [...costs].sort((a, b) => b.totalNs - a.totalNs);
  const total = sorted.reduce((sum, cost) => sum + cost.totalNs, 0);
  return (
    <details class="costs" open>
      <summary>Where processor time went</summary>
      <ScrollRegion label="Costs">
        <table>
          <thead>
            <tr>
              <th scope="col">Cost</th>
              <th scope="col">Times</th>
              <th scope="col">Total</th>
              <th scope="col">Share</th>
              <th scope="col" class="word">
                Source
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((cost) => (
              <tr key={cost.id}>
                <th scope="row" class="word" title={cost.id}>
                  {rowOf(cost)?.title ?? cost.id}
                </th>
                <td>{formatCount(cost.count)}</td>
                <td>{formatTime(cost.totalNs)}</td>
                <td>{formatPercent(total > 0 ? (100 * cost.totalNs) / total : 0)}</td>
                <td class="word source">
                  <Source cost={cost} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}

/** Where the number comes from. What is only assumed says so. */
function Source({ cost }: { cost: CostShare }) {
  const row = rowOf(cost);
  if (run.value.picture?.model.hypervisor.costsNs[cost.id] !== undefined) return <>set in the file</>;
  if (!row) return <>the workload itself</>;
  return (
    <>
      <span class={cost.assumed ? 'assumed' : ''}>{row.status}</span> <span class="seen">{row.source}</span>
    </>
  );
}

function rowOf(cost: CostShare): CostRow | undefined {
  return COSTS.find((row) => row.id === cost.id);
}
