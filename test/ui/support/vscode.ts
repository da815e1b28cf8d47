import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { startWorkbench, type Workbench } from '../../vscode/rig/workbench.mjs';

const root = resolve(import.meta.dirname, '../../..');
const screenshots = join(root, 'out/screenshots');

/** A workbench with the extension installed and the examples open, as a user sees it. */
export class VsCode {
  private constructor(private readonly workbench: Workbench) {}

  static async start(settings: Record<string, unknown> = {}): Promise<VsCode> {
    const vsix = process.env['HVHOST_VSIX'] ?? join(root, 'out/hvhost.vsix');
    const workspace = [join(root, 'examples'), join(root, 'test/extension/workspace')];
    const viewport = { width: 1600, height: 1000 };
    const workbench = await startWorkbench({ workspace, vsix, settings, viewport });
    workbench.page.setDefaultTimeout(30_000);
    await workbench.open();
    return new VsCode(workbench);
  }

  get page(): Page {
    return this.workbench.page;
  }

  /** The page inside the panel that is shown. */
  get panel(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  stop(): Promise<void> {
    return this.workbench.stop();
  }

  async openFile(name: string): Promise<void> {
    await this.page.getByRole('treeitem', { name }).dblclick();
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.page.locator('.quick-input-widget .quick-input-box input').fill(`>${title}`);
    await this.page.getByRole('option', { name: title }).first().waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Clicks the lens and waits until its run is over. */
  async runFromLens(lens: string): Promise<void> {
    await this.page.locator('.codelens-decoration a', { hasText: lens }).first().click();
    await this.panel.getByText('Finished', { exact: true }).waitFor();
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }
}
