import { InvalidArgumentError } from 'commander';
import { toQuantity, unitsFor } from '../model/units.js';

// How values are written on the command line. Each parser throws commander's InvalidArgumentError.

/** "60s", "1.5 min" as nanoseconds. */
export const parseDuration = quantity('time', 'a time such as 60s or 5min');

/** "8 GB", "512KB" as bytes. */
export const parseSize = quantity('memory', 'a size such as 8GB');

export const parseSeed = wholeNumber(0, 0xffff_ffff);

export function wholeNumber(smallest: number, largest: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= smallest && number <= largest) return number;
    throw new InvalidArgumentError(`Write a whole number from ${smallest} to ${largest}.`);
  };
}

function quantity(dimension: 'time' | 'memory', example: string): (text: string) => number {
  return (text) => {
    const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text);
    const found = match ? toQuantity(Number(match[1]), match[2] ?? null, null) : null;
    if (found !== null && 'value' in found && found.dimension === dimension && found.value > 0) return found.value;
    throw new InvalidArgumentError(`Write ${example} (units: ${unitsFor(dimension).join(', ')}).`);
  };
}
