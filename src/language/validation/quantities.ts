import { GrammarUtils } from 'langium';
import {
  formatBitsPerSecond,
  formatBytes,
  formatCount,
  formatHz,
  formatNs,
  formatPercent,
  formatRate,
} from '../../model/format.js';
import type { Dimension } from '../../model/units.js';
import { toQuantity, unitsFor } from '../../model/units.js';
import type { MemoryClause, Quantity } from '../generated/ast.js';
import { readQuantity, soundValue } from '../quantity.js';
import { type QuantitySlot, slotOf } from '../quantity-slots.js';
import { isUnitForgottenBefore } from './forgotten-unit.js';
import { addBehind, type Fix, type Report } from './report.js';

/** One error at the number or at its unit, with the units that would do. */
export function checkQuantity(quantity: Quantity, report: Report): void {
  const slot = slotOf(quantity);
  if (slot === undefined || quantity.value === undefined) return;
  const problem = readQuantity(quantity, slot);
  if (typeof problem === 'number') return;
  const { title } = slot;
  switch (problem.kind) {
    case 'not-a-number':
      report('HV206', `'${quantity.value}' is not a number.`, { node: quantity, property: 'value' });
      return;
    case 'unit-missing':
      report('HV201', `${capital(title)} needs a unit: ${oneOf(slot)}.`, {
        node: quantity,
        property: 'value',
        fixes: unitFixes(quantity, slot),
      });
      return;
    case 'unit-unknown':
      if (isUnitForgottenBefore(quantity)) {
        report('HV201', `${capital(title)} needs a unit: ${oneOf(slot)}.`, {
          node: quantity,
          property: 'value',
          fixes: unitsBehind(quantity, slot),
        });
        return;
      }
      report('HV202', `'${problem.unit}' is no unit. ${capital(title)} is given in ${oneOf(slot)}.`, {
        node: quantity,
        property: 'unit',
        fixes: unitFixes(quantity, slot),
      });
      return;
    case 'wrong-dimension':
      report('HV203', wrongDimension(problem.unit, slot), {
        node: quantity,
        property: 'unit',
        fixes: unitFixes(quantity, slot),
      });
      return;
    case 'not-whole':
      report('HV205', `${capital(title)} is a whole number.`, { node: quantity, property: 'value' });
      return;
    case 'out-of-range':
      report('HV204', `${capital(title)} is ${rangeOf(slot)}${slot.source ? ` (${slot.source})` : ''}.`, {
        node: quantity,
        property: 'value',
      });
  }
}

export function checkMemoryOrder(clause: MemoryClause, report: Report): void {
  const minimum = soundValue(clause.size);
  const maximum = soundValue(clause.maximum);
  if (minimum === undefined || maximum === undefined) return;
  const startup = soundValue(clause.startup) ?? minimum;
  if (minimum > maximum) {
    report('HV208', `The minimum of ${formatBytes(minimum)} exceeds the maximum of ${formatBytes(maximum)}.`, {
      node: clause,
      property: 'maximum',
    });
  } else if (startup < minimum) {
    report('HV208', `The startup memory of ${formatBytes(startup)} is below the minimum of ${formatBytes(minimum)}.`, {
      node: clause,
      property: 'startup',
    });
  } else if (startup > maximum) {
    report('HV208', `The startup memory of ${formatBytes(startup)} exceeds the maximum of ${formatBytes(maximum)}.`, {
      node: clause,
      property: 'startup',
    });
  }
}

/** A value in base units of a dimension, as people read it. */
export function formatValue(value: number, dimension: Dimension): string {
  switch (dimension) {
    case 'count':
      return formatCount(value);
    case 'memory':
      return formatBytes(value);
    case 'time':
      return formatNs(value);
    case 'frequency':
      return formatHz(value);
    case 'percent':
      return formatPercent(value);
    case 'rate':
      return formatRate(value);
    case 'bandwidth':
      return formatBitsPerSecond(value);
    case 'throughput':
      return `${formatBytes(value)} / s`;
  }
}

function wrongDimension(unit: string, slot: QuantitySlot): string {
  const wanted = unitsFor(slot.dimension);
  if (wanted.length === 0) return `${capital(slot.title)} has no unit: remove '${unit}'.`;
  return `'${unit}' does not measure ${slot.title}: use ${oneOf(slot)}.`;
}

function rangeOf(slot: QuantitySlot): string {
  return `between ${formatValue(slot.minimum, slot.dimension)} and ${formatValue(slot.maximum, slot.dimension)}`;
}

/** The number with another unit, one fix for each unit that is not absurd there. */
function unitFixes(quantity: Quantity, slot: QuantitySlot): Fix[] {
  const units = unitsFor(slot.dimension);
  const unit = GrammarUtils.findNodeForProperty(quantity.$cstNode, 'unit');
  if (unit && units.length === 0) {
    return [{ title: `Remove '${unit.text}'`, edits: [{ range: unit.range, newText: '' }] }];
  }
  if (!unit) return unitsBehind(quantity, slot);
  return sensibleUnits(quantity, slot).map((symbol) => ({
    title: `Use ${symbol}`,
    edits: [{ range: unit.range, newText: symbol }],
  }));
}

function unitsBehind(quantity: Quantity, slot: QuantitySlot): Fix[] {
  const number = GrammarUtils.findNodeForProperty(quantity.$cstNode, 'value');
  return sensibleUnits(quantity, slot).flatMap((symbol) => addBehind(`Add ${symbol}`, number, ` ${symbol}`));
}

/** Those with which the number is within its range: no machine has 512 bytes. */
function sensibleUnits({ value }: Quantity, slot: QuantitySlot): string[] {
  return unitsFor(slot.dimension).filter((symbol) => {
    const [unit = '', per = null] = symbol.split('/').map((part) => part.trim());
    const read = toQuantity(Number(value), unit || null, per);
    return 'value' in read && read.value >= slot.minimum && read.value <= slot.maximum;
  });
}

function oneOf(slot: QuantitySlot): string {
  const units = unitsFor(slot.dimension);
  if (units.length === 0) return 'no unit';
  return units.length === 1 ? `${units[0]}` : `${units.slice(0, -1).join(', ')} or ${units.at(-1)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
