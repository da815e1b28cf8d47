import { InvalidArgumentError } from 'commander';
import { toQuantity, unitsFor } from '../model/units.js';

/** "60s", "1.5 min" as nanoseconds. Throws commander's InvalidArgumentError. */
export function parseDuration(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text);
  const quantity = match ? toQuantity(Number(match[1]), match[2] ?? null, null) : null;
  if (quantity === null || !('value' in quantity) || quantity.dimension !== 'time' || quantity.value <= 0) {
    throw new InvalidArgumentError(`Write a time such as 60s or 5min (units: ${unitsFor('time').join(', ')}).`);
  }
  return quantity.value;
}

export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new InvalidArgumentError('Write a whole number from 0 to 4294967295.');
  }
  return seed;
}
