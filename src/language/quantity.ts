import { type QuantityFault, toQuantity } from '../model/units.js';
import type { Quantity } from './generated/ast.js';
import { slotOf } from './quantity-slots.js';

export type QuantityProblem =
  | { kind: 'not-a-number' }
  | { kind: 'unit-missing' }
  | { kind: 'unit-unknown'; unit: string }
  /** A known unit of another dimension than the place asks for. */
  | { kind: 'wrong-dimension'; unit: string }
  | { kind: 'out-of-range' }
  | { kind: 'not-whole' };

/** The value of a quantity in base units of its slot, or what is wrong with it. Never NaN, never infinite. */
export function readQuantity(quantity: Quantity, slot = slotOf(quantity)): number | QuantityProblem {
  if (slot === undefined || !/^-?\d+(\.\d+)?$/.test(quantity.value ?? '')) return { kind: 'not-a-number' };
  const number = Number(quantity.value);
  const { unit, per } = splitUnit(quantity.unit);
  if (quantity.unit === undefined && slot.dimension !== 'count') return { kind: 'unit-missing' };
  const read = toQuantity(number, unit, per);
  if ('fault' in read) return problemOf(read, quantity);
  if (read.dimension !== slot.dimension) return { kind: 'wrong-dimension', unit: writtenUnit(quantity) };
  if (read.value < slot.minimum || read.value > slot.maximum) return { kind: 'out-of-range' };
  if (slot.integer && !Number.isInteger(read.value)) return { kind: 'not-whole' };
  return read.value;
}

/** The value of a quantity that was checked before; `fallback` where there is none, and the least valid value where it is wrong. */
export function quantityValue(quantity: Quantity, fallback?: undefined): number;
export function quantityValue<T>(quantity: Quantity | undefined, fallback: T): number | T;
export function quantityValue<T>(quantity: Quantity | undefined, fallback: T): number | T {
  if (quantity === undefined) return fallback;
  const value = readQuantity(quantity);
  return typeof value === 'number' ? value : (slotOf(quantity)?.minimum ?? 0);
}

/** The value when the quantity is there and sound, for checks that compare two of them. */
export function soundValue(quantity: Quantity | undefined): number | undefined {
  const value = quantity && readQuantity(quantity);
  return typeof value === 'number' ? value : undefined;
}

/** A unit as written, without blanks: "Gb/s". */
function writtenUnit(quantity: Quantity): string {
  return quantity.unit ?? '';
}

/** The grammar hands over "GB", "Gb/s" or "/s". µ and μ are the micro sign and the Greek letter. */
function splitUnit(written: string | undefined): { unit: string | null; per: string | null } {
  if (written === undefined) return { unit: null, per: null };
  const [unit, per] = written.replace(/[µμ]/g, 'u').split('/');
  return { unit: unit || null, per: per ?? null };
}

function problemOf(fault: QuantityFault, quantity: Quantity): QuantityProblem {
  if (fault.fault === 'out-of-range') return { kind: 'out-of-range' };
  if (fault.fault === 'unknown-unit') return { kind: 'unit-unknown', unit: fault.unit };
  return { kind: 'wrong-dimension', unit: writtenUnit(quantity) };
}
