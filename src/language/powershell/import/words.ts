/** Values as the language writes them: exactly, in the largest unit that does it with two decimals. */
import { formatBytes } from '../../../model/format.js';
import { toQuantity } from '../../../model/units.js';

const SIZES = ['PB', 'TB', 'GB', 'MB', 'KB', 'B'];
const SPEEDS = ['Gb', 'Mb', 'Kb', 'b'];
const FREQUENCIES = ['GHz', 'MHz', 'Hz'];
const TIMES = ['h', 'min', 's', 'ms', 'us', 'ns'];
/** Beyond so many digits a size is hard to read, and its line says it again, rounded. */
const READABLE_DIGITS = 6;

export function sizeOf(bytes: number): string {
  return exact(bytes, SIZES, null);
}

/** What to say behind a size: nothing where the size is readable itself. */
export function roundedSize(bytes: number): string | undefined {
  const digits = sizeOf(bytes).replace(/\D/g, '').length;
  return digits > READABLE_DIGITS ? formatBytes(bytes) : undefined;
}

export function speedOf(bitsPerSecond: number): string {
  return exact(bitsPerSecond, SPEEDS, 's');
}

export function frequencyOf(hz: number): string {
  return exact(hz, FREQUENCIES, null);
}

export function timeOf(seconds: number): string {
  return seconds === 0 ? '0 s' : exact(seconds * 1e9, TIMES, null);
}

/** Texts stand on one line and cannot hold the quote that ends them. */
export function quoted(text: string): string {
  return `"${oneLine(text).replaceAll('"', "'")}"`;
}

export function comment(text: string): string {
  return `// ${oneLine(text)}`;
}

/** A statement, and behind it what else is to be said. */
export function withRemark(statement: string, remark: string | undefined): string {
  return remark === undefined ? statement : `${statement} ${comment(remark)}`;
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

function exact(value: number, units: readonly string[], per: string | null): string {
  for (const unit of units) {
    const one = toQuantity(1, unit, per);
    if (!('value' in one) || value < one.value) continue;
    const number = Number((value / one.value).toFixed(2));
    const back = toQuantity(number, unit, per);
    if ('value' in back && back.value === value) return per === null ? `${number} ${unit}` : `${number} ${unit}/${per}`;
  }
  return `${value} ${units.at(-1)}${per === null ? '' : `/${per}`}`;
}
