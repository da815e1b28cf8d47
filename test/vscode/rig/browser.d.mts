import type { Browser } from 'playwright-core';

export function launchBrowser(env?: Record<string, string>): Promise<Browser>;
