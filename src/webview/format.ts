/** Numbers on the page: as everywhere else, but never broken between a number and its unit, and short where space is. */
import * as words from '../model/format.js';

const NBSP = '\u00a0';

export const formatTime = (ns: number): string => unbroken(words.formatNs(ns));
export const formatLps = (lps: number): string => unbroken(words.formatLps(lps));
export const formatBytes = (bytes: number): string => unbroken(words.formatBytes(bytes));

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

function unbroken(text: string): string {
  return text.replaceAll(' ', NBSP);
}

/** Three digits at most, no trailing zeros: 1.25, 12.5, 125. */
function short(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return String(Number(value.toFixed(digits)));
}
