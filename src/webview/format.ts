/** Numbers as people read them. A no-break space keeps a number and its unit together. */
const NBSP = '\u00a0';

const KB = 1024;

export function formatTime(ns: number): string {
  if (ns === 0) return `0${NBSP}s`;
  if (ns < 1e3) return `${Math.round(ns)}${NBSP}ns`;
  if (ns < 1e6) return `${short(ns / 1e3)}${NBSP}µs`;
  if (ns < 1e9) return `${short(ns / 1e6)}${NBSP}ms`;
  if (ns < 60e9) return `${short(ns / 1e9)}${NBSP}s`;
  const seconds = Math.round(ns / 1e9);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${NBSP}min ${seconds % 60}${NBSP}s`;
  return `${Math.floor(minutes / 60)}${NBSP}h ${minutes % 60}${NBSP}min`;
}

/** A clock that does not jump in width: 1:23.4. */
export function formatClock(ns: number): string {
  const tenths = Math.floor(ns / 1e8);
  const minutes = Math.floor(tenths / 600);
  const seconds = String(Math.floor(tenths / 10) % 60).padStart(2, '0');
  return `${minutes}:${seconds}.${tenths % 10}`;
}

/** A moment on an axis: 40 s, 1:20. */
export function formatTick(ns: number): string {
  if (ns < 60e9) return formatTime(ns);
  const seconds = Math.round(ns / 1e9);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= KB && unit < units.length - 1) {
    value /= KB;
    unit++;
  }
  return `${short(value)}${NBSP}${units[unit]}`;
}

export function formatRate(perSecond: number): string {
  return `${formatCount(perSecond)}/s`;
}

export function formatCount(count: number): string {
  if (count < 1e3) return short(count);
  if (count < 1e6) return `${short(count / 1e3)}${NBSP}k`;
  if (count < 1e9) return `${short(count / 1e6)}${NBSP}M`;
  return `${short(count / 1e9)}${NBSP}G`;
}

export function formatPercent(percent: number): string {
  return `${Number(percent.toFixed(percent < 10 ? 1 : 0))}${NBSP}%`;
}

/** Three digits at most, no trailing zeros: 1.25, 12.5, 125. */
function short(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return String(Number(value.toFixed(digits)));
}
