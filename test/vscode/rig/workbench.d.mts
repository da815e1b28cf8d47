import type { BrowserContext, Page } from 'playwright-core';

export interface Workbench {
  server: { workspace: string; log(): string };
  context: BrowserContext;
  page: Page;
  origin: string;
  remote(path: string): string;
  open(payload?: [string, string][]): Promise<unknown>;
  stop(): Promise<void>;
}

export interface WorkbenchOptions {
  /** Folders copied together into the opened one. */
  workspace: string[];
  vsix?: string;
  settings?: Record<string, unknown>;
  env?: Record<string, string>;
  /** Whether VS Code takes the workspace for trusted without asking; it does unless this is false. */
  trusted?: boolean;
  viewport?: { width: number; height: number };
}

export function startWorkbench(options: WorkbenchOptions): Promise<Workbench>;
