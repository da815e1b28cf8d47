import type { Locator } from 'playwright-core';
import { WAIT_MS } from '../../vscode/limits.mjs';

/** The first try; each that follows takes twice as long, so that one is long enough on any machine. */
const FIRST_TRY_MS = 5_000;
/** All tries together take no longer than a test may. */
const LAST_TRY_MS = WAIT_MS / 3;

/**
 * Does it, again and again, until `done` is there. A workbench that is being drawn loses a click on what moves at that moment,
 * and a key that comes before somebody listens; a person would press again, too. `act` must do no harm the second time.
 */
export async function until(
  act: (options: { timeout: number }) => Promise<unknown>,
  done: Locator,
  state: 'visible' | 'hidden' = 'visible',
): Promise<void> {
  for (let timeout = FIRST_TRY_MS; ; timeout *= 2) {
    const late = await act({ timeout }).then(() => null, unlessLate);
    try {
      return await done.waitFor({ state, timeout });
    } catch (error) {
      unlessLate(error);
      if (timeout >= LAST_TRY_MS) throw late ?? error;
    }
  }
}

/** Does it, again and again, until nothing in it came too late. It must do no harm the second time. */
export async function persist(act: (options: { timeout: number }) => Promise<unknown>): Promise<void> {
  for (let timeout = FIRST_TRY_MS; ; timeout *= 2) {
    try {
      await act({ timeout });
      return;
    } catch (error) {
      if (timeout >= WAIT_MS) throw error;
      unlessLate(error);
    }
  }
}

/** Throws what is more than a wait in vain. */
function unlessLate(error: unknown): Error {
  if (error instanceof Error && error.name === 'TimeoutError') return error;
  throw error;
}
