import { formatNs } from '../../model/format.js';
import type { ExpectationResult } from '../../protocol/run-result.js';

/** What an expectation saw, and the moment that decided, counted as in the file from when the host was ready. */
export function seenWhen({ seen, atNs }: ExpectationResult, readyNs: number): string {
  return atNs === null ? seen : `${seen}, at ${formatNs(atNs - readyNs)}`;
}
