// How long what the tests do in a real VS Code may take: many times what it takes on a busy machine. Each wait ends as soon
// as what it waits for is there, so these only end what hangs.

/** One thing that is to appear, in milliseconds like all of them. */
export const WAIT_MS = 120_000;
/** One test, or what is made before the first; more than one thing may be late in it. */
export const TEST_MS = 300_000;
/** All tests in one extension host. */
export const SUITE_MS = 900_000;
