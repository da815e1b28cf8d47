import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { startWorkbench, type Workbench } from '../../vscode/rig/workbench.mjs';
import { persist, until } from './until.js';

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
    try {
      await workbench.open();
    } catch (error) {
      await workbench.stop(); // nobody else has it, and mocha would wait for it for ever
      throw error;
    }
    return new VsCode(workbench);
  }

  get page(): Page {
    return this.workbench.page;
  }

  /** The page inside the panel that is shown. */
  get panel(): FrameLocator {
    // The last one: while a panel takes the place of another there are two.
    return this.page.locator('iframe.webview.ready').last().contentFrame().frameLocator('iframe#active-frame');
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

  /** The same page, to run something in. */
  async panelFrame(): Promise<Frame> {
    const element = await this.panel.locator('html').elementHandle();
    const frame = await element?.ownerFrame();
    if (!frame) throw new Error('There is no panel.');
    return frame;
  }

  /** The faults that axe finds in the panel, as "rule: elements". */
  async panelFaults(): Promise<string[]> {
    const frame = await this.panelFrame();
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
    const file = this.page.getByRole('treeitem', { name });
    await until((options) => file.dblclick(options), this.page.locator('.tab.active', { hasText: name }));
  }

  async command(title: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget');
    // Enter would take the entry that is the first of those that match so far, which may be another command.
    const entry = box.locator(`.monaco-list-row:is([aria-label="${title}"], [aria-label^="${title},"])`);
    // That no such entry is to be seen says nothing: there is none before the box opens, either.
    await persist(async (options) => {
      await this.page.keyboard.press('F1');
      await box.locator('.quick-input-box input').fill(`>${title}`, options);
      await entry.click(options);
    });
    await entry.waitFor({ state: 'hidden' });
  }

  /** Takes the entry of the menu that a right click on `item` opens. */
  async menu(item: Locator, entry: string, done: Locator, state: 'visible' | 'hidden' = 'visible'): Promise<void> {
    await until(
      async (options) => {
        await this.page.keyboard.press('Escape');
        await item.click({ button: 'right', ...options });
        await this.page.getByRole('menuitem', { name: entry }).hover(options);
        await this.page.keyboard.press('Enter');
      },
      done,
      state,
    );
  }

  /** What is typed from now on reaches the terminal. */
  async focusTerminal(): Promise<void> {
    await this.command('Terminal: Focus Terminal');
    await this.page.locator('.xterm.focus').waitFor();
  }

  /** Asks for quick fixes at `text` and takes the one that names `fix`, until `done` is there. */
  async quickFix(text: string, fix: string, done: Locator): Promise<void> {
    const offered = this.page.locator('.action-widget').getByText(fix).first();
    await until(async (options) => {
      await this.page.keyboard.press('Escape');
      await this.page.locator('.view-line span', { hasText: text }).last().click(options);
      await this.page.keyboard.press('Control+.');
      await offered.click(options);
    }, done);
  }

  /** Clicks the lens: again where another lens has moved it away from under the mouse. */
  async clickLens(lens: string | RegExp, done: Locator): Promise<void> {
    const link = this.page.locator('.codelens-decoration a', { hasText: lens }).first();
    await until((options) => link.click(options), done);
  }

  /** Clicks the lens and waits until its run, of that host, is over. */
  async runFromLens(lens: string, host: string): Promise<void> {
    await this.clickLens(lens, this.panelTab.and(this.page.locator('.active')).filter({ hasText: host }));
    const header = this.panel.locator('header', { hasText: host });
    await header.getByText('Finished', { exact: true }).waitFor();
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }
}
