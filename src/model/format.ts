/** Numbers as people read them, in the units of the language: "1.5 GB", "31.2 ms", "2.4 LP". The same everywhere, in every locale. */

const BYTES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
const TIMES: readonly [symbol: string, ns: number][] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
];

export function formatBytes(bytes: number): string {
  const magnitude = Math.abs(bytes);
  let step = 0;
  while (step < BYTES.length - 1 && magnitude >= 1024 ** (step + 1)) step++;
  return `${trim(bytes / 1024 ** step)} ${BYTES[step]}`;
}

/** Up to a minute in one unit, beyond it in two: "31.2 ms", "5 min 22 s", "2 h 5 min". */
export function formatNs(ns: number): string {
  if (ns === 0) return '0 s';
  if (ns >= 59.95e9) return formatMinutes(Math.round(ns / 1e9));
  for (const [symbol, factor] of TIMES) {
    if (Math.abs(ns) >= factor) return `${trim(ns / factor)} ${symbol}`;
  }
  return `${trim(ns)} ns`;
}

/** A number of events per second. */
export function formatRate(perSecond: number): string {
  return `${trim(perSecond)} / s`;
}

export function formatPercent(percent: number): string {
  return `${trim(percent)} %`;
}

export function formatHz(hz: number): string {
  if (hz >= 1e9) return `${trim(hz / 1e9)} GHz`;
  if (hz >= 1e6) return `${trim(hz / 1e6)} MHz`;
  return `${trim(hz)} Hz`;
}

export function formatBitsPerSecond(bitsPerSecond: number): string {
  if (bitsPerSecond >= 1e9) return `${trim(bitsPerSecond / 1e9)} Gb/s`;
  if (bitsPerSecond >= 1e6) return `${trim(bitsPerSecond / 1e6)} Mb/s`;
  if (bitsPerSecond >= 1e3 || bitsPerSecond === 0) return `${trim(bitsPerSecond / 1e3)} Kb/s`;
  return `${trim(bitsPerSecond)} b/s`;
}

/** Logical processors: reservations make fractions of them. */
export function formatLps(lps: number): string {
  return `${trim(lps)} LP`;
}

/** A whole number with thin grouping: 2,303,397. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

function formatMinutes(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return together(`${minutes} min`, seconds % 60, 's');
  return together(`${Math.floor(minutes / 60)} h`, minutes % 60, 'min');
}

function together(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}

/** Three significant digits below 1000, none of them a trailing zero. */
function trim(value: number): string {
  const magnitude = Math.abs(value);
  const digits = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2;
  const fixed = value.toFixed(digits);
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}
