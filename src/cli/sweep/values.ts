import { type Dimension, toQuantity, unitsFor } from '../../model/units.js';
import { UsageError } from '../exit.js';

interface Range {
  dimension: Dimension;
  /** In base units. */
  minimum: number;
  maximum: number;
  whole?: true;
}

export interface Value {
  /** As it is shown: "20 %". */
  text: string;
  /** In base units. */
  value: number;
}

const QUANTITY = /^(\d+(?:\.\d+)?)\s*(%|[a-z]+)?\s*(?:\/\s*([a-z]+))?$/i;

/** "10,20,30 %" or "1 GB, 2 GB": a value without a unit has that of the last. Throws UsageError. */
export function parseValues(text: string, range: Range): Value[] {
  const parts = text.split(',').map((part) => part.trim());
  const unit = /^[\d.]*\s*(.*)$/.exec(parts.at(-1) ?? '')?.[1] ?? '';
  const values = parts.map((part) =>
    parseValue(/^[\d.]+$/.test(part) && unit !== '' ? `${part} ${unit}` : part, range),
  );
  const repeated = values.find(({ value }, index) => values.findIndex((other) => other.value === value) !== index);
  if (repeated !== undefined) throw new UsageError(`${repeated.text} stands there twice`);
  return values;
}

/** Throws UsageError where the text is no quantity of that dimension, or out of range. */
export function parseValue(text: string, range: Range): Value {
  const [, number = '', unit, per] = QUANTITY.exec(text) ?? [];
  const quantity = number === '' ? null : toQuantity(Number(number), unit ?? null, per ?? null);
  if (quantity === null || !('value' in quantity) || quantity.dimension !== range.dimension) {
    throw new UsageError(`'${text}' is no ${wanted(range)}`);
  }
  const { value } = quantity;
  if (range.whole && !Number.isInteger(value)) throw new UsageError(`'${text}' is no whole number`);
  if (value < range.minimum || value > range.maximum) {
    throw new UsageError(`'${text}' is out of range${range.dimension === 'count' ? ` (${bounds(range)})` : ''}`);
  }
  return { text: shown(number, unit, per), value };
}

function wanted({ dimension }: Range): string {
  const [unit] = unitsFor(dimension);
  return unit === undefined
    ? 'number (write for example 4)'
    : `${dimension} (units: ${unitsFor(dimension).join(', ')})`;
}

function bounds({ minimum, maximum }: Range): string {
  return `${minimum} to ${maximum}`;
}

function shown(number: string, unit: string | undefined, per: string | undefined): string {
  return [number, unit, per === undefined ? undefined : `/ ${per}`].filter((part) => part !== undefined).join(' ');
}
