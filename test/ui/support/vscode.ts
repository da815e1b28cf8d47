import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { startWorkbench, type Workbench } from '../../vscode/rig/workbench.mjs';

const root = resolve(import.meta.dirname, '../../..');
const screenshots = join(root, 'out/screenshots');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What the source above defines inside the page. */
declare const axe: typeof import('axe-core');

/** A workbench with the extension installed and the examples open, as a user sees it. */
export class VsCode {
  private constructor(private readonly workbench: Workbench) {}

  /** `folders` are copied into the workspace beside the examples; without `trusted` VS Code asks whether to trust it. */
  static async start(settings: Record<string, unknown> = {}, folders: string[] = [], trusted = true): Promise<VsCode> {
    const vsix = process.env['HVHOST_VSIX'] ?? join(root, 'out/hvhost.vsix');
    const workspace = ['examples', 'test/extension/workspace', ...folders].map((folder) => join(root, folder));
    const viewport = { width: 1600, height: 1000 };
    const workbench = await startWorkbench({ workspace, vsix, settings, viewport, trusted });
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

  get panelTab(): Locator {
    return this.page.locator('.tab[data-resource-name^="webview-hvhost"]');
  }

  /** The boxes of the partition map. */
  get partitions(): Locator {
    return this.panel.getByRole('listbox', { name: 'Partitions' }).getByRole('option');
  }

  partition(name: string): Locator {
    return this.panel.locator(`[role=option][data-partition="${name}"]`);
  }

  /** The faults that axe finds in the panel, as "rule: elements". */
  async panelFaults(): Promise<string[]> {
    const element = await this.panel.locator('html').elementHandle();
    const frame = await element?.ownerFrame();
    if (!frame) throw new Error('There is no panel.');
    await frame.evaluate(axeSource);
    return frame.evaluate(async () => {
      const { violations } = await axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
    });
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

  /**
   * Asks for quick fixes at `text` and takes the one that names `fix`. Asks again where it is not offered: a lens that
   * arrives while one clicks moves the line away from under the mouse.
   */
  async quickFix(text: string, fix: string): Promise<void> {
    const offered = this.page.locator('.action-widget').getByText(fix).first();
    for (let attempt = 1; attempt <= 5; attempt++) {
      await this.page.locator('.view-line span', { hasText: text }).last().click();
      await this.page.keyboard.press('Control+.');
      const taken = await offered.click({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
      if (taken) return;
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`No quick fix at "${text}" names "${fix}".`);
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
