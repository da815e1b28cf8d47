import { InvalidArgumentError } from 'commander';
import { toQuantity, unitsFor } from '../model/units.js';

/** "8 GB", "512KB" as bytes. Throws commander's InvalidArgumentError. */
export function parseSize(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text);
  const quantity = match ? toQuantity(Number(match[1]), match[2] ?? null, null) : null;
  if (quantity === null || !('value' in quantity) || quantity.dimension !== 'memory' || quantity.value <= 0) {
    throw new InvalidArgumentError(`Write a size such as 8GB (units: ${unitsFor('memory').join(', ')}).`);
  }
  return quantity.value;
}
