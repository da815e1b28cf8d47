/**
 * Units and what they measure. A quantity in a file is a number and a unit; in the model it is a plain number in the
 * base unit of its dimension: bytes, nanoseconds, hertz, bits per second, bytes per second, events per second, percent.
 */
export type Dimension = 'count' | 'memory' | 'time' | 'frequency' | 'percent' | 'rate' | 'bandwidth' | 'throughput';

export interface Unit {
  symbol: string;
  dimension: 'memory' | 'time' | 'frequency' | 'percent' | 'data';
  /** How many base units one of it is. */
  factor: number;
}

const KIB = 1024;

/** Memory is binary, as Hyper-V and its tools count it (1 GB = 2^30 bytes); line speed is decimal bits, as network gear does. */
export const UNITS: readonly Unit[] = [
  { symbol: 'B', dimension: 'memory', factor: 1 },
  { symbol: 'KB', dimension: 'memory', factor: KIB },
  { symbol: 'MB', dimension: 'memory', factor: KIB ** 2 },
  { symbol: 'GB', dimension: 'memory', factor: KIB ** 3 },
  { symbol: 'TB', dimension: 'memory', factor: KIB ** 4 },
  { symbol: 'PB', dimension: 'memory', factor: KIB ** 5 },
  { symbol: 'ns', dimension: 'time', factor: 1 },
  { symbol: 'us', dimension: 'time', factor: 1e3 },
  { symbol: 'ms', dimension: 'time', factor: 1e6 },
  { symbol: 's', dimension: 'time', factor: 1e9 },
  { symbol: 'min', dimension: 'time', factor: 60e9 },
  { symbol: 'h', dimension: 'time', factor: 3600e9 },
  { symbol: 'd', dimension: 'time', factor: 86400e9 },
  { symbol: 'Hz', dimension: 'frequency', factor: 1 },
  { symbol: 'kHz', dimension: 'frequency', factor: 1e3 },
  { symbol: 'MHz', dimension: 'frequency', factor: 1e6 },
  { symbol: 'GHz', dimension: 'frequency', factor: 1e9 },
  { symbol: 'b', dimension: 'data', factor: 1 },
  { symbol: 'Kb', dimension: 'data', factor: 1e3 },
  { symbol: 'Mb', dimension: 'data', factor: 1e6 },
  { symbol: 'Gb', dimension: 'data', factor: 1e9 },
  { symbol: '%', dimension: 'percent', factor: 1 },
];

const BY_SYMBOL = new Map(UNITS.map((unit) => [unit.symbol, unit]));
const NS_PER_SECOND = 1e9;

export type QuantityFault =
  | { fault: 'unknown-unit'; unit: string }
  /** Two units that make no dimension together, such as `GHz / s`. */
  | { fault: 'no-dimension'; unit: string; per: string }
  /** Not a finite number of base units, or beyond what can be counted exactly. */
  | { fault: 'out-of-range' };

/** The quantity `number unit / per` in base units. `per` is a time unit: `400 / s`, `20 MB / s`, `1 Gb / s`. */
export function toQuantity(
  number: number,
  unit: string | null,
  per: string | null,
): { dimension: Dimension; value: number } | QuantityFault {
  const numerator = unit === null ? null : BY_SYMBOL.get(unit);
  if (numerator === undefined) return { fault: 'unknown-unit', unit: unit ?? '' };
  const denominator = per === null ? null : BY_SYMBOL.get(per);
  if (denominator === undefined) return { fault: 'unknown-unit', unit: per ?? '' };

  const dimension = dimensionOf(numerator, denominator);
  if (dimension === null) return { fault: 'no-dimension', unit: unit ?? '', per: per ?? '' };

  const perSecond = denominator === null ? 1 : NS_PER_SECOND / denominator.factor;
  const value = number * (numerator?.factor ?? 1) * perSecond;
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return { fault: 'out-of-range' };
  return { dimension, value: isCounted(dimension) ? Math.round(value) : value };
}

/** The ways to write a dimension, for messages and completion: ["MB", "GB", …]; empty for a bare count. */
export function unitsFor(dimension: Dimension): string[] {
  switch (dimension) {
    case 'count':
      return [];
    case 'rate':
      return ['/ s', '/ min', '/ h'];
    case 'bandwidth':
      return symbolsOf('data').map((symbol) => `${symbol} / s`);
    case 'throughput':
      return symbolsOf('memory').map((symbol) => `${symbol} / s`);
    default:
      return symbolsOf(dimension);
  }
}

export function isUnit(symbol: string): boolean {
  return BY_SYMBOL.has(symbol);
}

function symbolsOf(dimension: Unit['dimension']): string[] {
  return UNITS.filter((unit) => unit.dimension === dimension).map((unit) => unit.symbol);
}

function dimensionOf(numerator: Unit | null, denominator: Unit | null): Dimension | null {
  if (denominator === null) {
    if (numerator === null) return 'count';
    return numerator.dimension === 'data' ? null : numerator.dimension;
  }
  if (denominator.dimension !== 'time') return null;
  if (numerator === null) return 'rate';
  if (numerator.dimension === 'data') return 'bandwidth';
  if (numerator.dimension === 'memory') return 'throughput';
  return null;
}

function isCounted(dimension: Dimension): boolean {
  return dimension === 'memory' || dimension === 'time';
}
