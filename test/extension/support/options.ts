import type { MochaOptions } from 'mocha';
import { TEST_MS } from '../../vscode/limits.mjs';

/** The same in both extension hosts. A test that needed its second chance is named, so that it hides nothing. */
export const OPTIONS: MochaOptions = { ui: 'bdd', timeout: TEST_MS, retries: 1 };
