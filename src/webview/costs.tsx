import { COSTS, type CostRow } from '../model/catalog/costs.js';
import type { CostShare } from '../protocol/run-result.js';
import { formatCount, formatPercent, formatTime } from './format.js';
import { ScrollRegion } from './scroll-region.js';
import { run } from './store.js';

/** Where the processor time of the run went, row by row of the cost table, with the source of each. */
export function Costs() {
  const costs = run.value.result?.costs ?? [];
  if (costs.length === 0) return null;
  const sorted = [...costs].sort((a, b) => b.totalNs - a.totalNs);
  const total = sorted.reduce((sum, cost) => sum + cost.totalNs, 0);
  return (
    <section class="costs" aria-labelledby="costs-title">
      <h2 id="costs-title">Where processor time went</h2>
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
    </section>
  );
}

/** Where the number comes from. What is only assumed says so. */
function Source({ cost }: { cost: CostShare }) {
  const row = rowOf(cost);
  if (run.value.picture?.model.hypervisor.costsNs[cost.id] !== undefined) return <>set in the file</>;
  if (!row) return <>the workload itself</>;
  return (
    <>
      <span class={cost.doubt === null ? '' : 'assumed'}>{row.status}</span> <span class="seen">{row.source}</span>
    </>
  );
}

function rowOf(cost: CostShare): CostRow | undefined {
  return COSTS.find((row) => row.id === cost.id);
}
