import type { Expectation, Metric, Statistic } from '../../model/scenario.js';
import type { Dimension } from '../../model/units.js';
import { UsageError } from '../exit.js';
import { parseValue } from './values.js';

const METRICS: Readonly<Record<Metric, Dimension>> = {
  latency: 'time',
  throughput: 'rate',
  failures: 'rate',
  cpu: 'percent',
  memory: 'memory',
  pressure: 'percent',
  blackout: 'time',
};

const WINDOW = String.raw`(?:\s+(?:between\s+(?<from>.+?)\s+and\s+(?<to>.+)|after\s+(?<after>.+)|before\s+(?<before>.+)))?`;
const EXPECTATION = new RegExp(
  String.raw`^(?<metric>latency|throughput|failures|cpu|memory|pressure)(?:\s+(?<statistic>mean|p50|p95|p99|max))?\s*(?<comparison><=?|>=?)\s*(?<value>.+?)${WINDOW}$`,
);

/** An expectation of the language without its target: "latency p95 < 40 ms after 20 s". Throws UsageError. */
export function parseExpectation(text: string): (child: string) => Expectation {
  const parts = EXPECTATION.exec(text.trim())?.groups;
  if (parts === undefined) {
    throw new UsageError(
      `--expect '${text}': write for example 'latency p95 < 40 ms' or 'throughput > 300 / s after 20 s'`,
    );
  }
  try {
    const metric = parts['metric'] as Metric;
    const amount = { dimension: METRICS[metric], minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
    const { value } = parseValue(parts['value'] ?? '', amount);
    const fromNs = moment(parts['from'] ?? parts['after']) ?? 0;
    const toNs = moment(parts['to'] ?? parts['before']);
    if (toNs !== null && toNs <= fromNs) throw new UsageError('its window ends before it begins');
    return (child) => ({
      text: `${child} ${text.trim()}`,
      kind: 'metric',
      target: { kind: 'child', name: child },
      metric,
      statistic: (parts['statistic'] ?? 'mean') as Statistic,
      comparison: parts['comparison'] as '<' | '<=' | '>' | '>=',
      value,
      fromNs,
      toNs,
    });
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`--expect '${text}': ${error.message}`) : error;
  }
}

function moment(text: string | undefined): number | null {
  if (text === undefined) return null;
  return parseValue(text, { dimension: 'time', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }).value;
}
