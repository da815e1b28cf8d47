import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { reportHtml } from '../../src/protocol/report.js';
import { launchBrowser } from '../vscode/rig/browser.mjs';
import { recordingFixture } from './fixtures/recording.js';

const root = resolve(import.meta.dirname, '../..');
const screenshots = join(root, 'out/screenshots');
const asset = (name: string) => readFileSync(join(root, 'dist/webview', name), 'utf8');

/** The report page in a plain browser, from a file. */
describe('a saved report', () => {
  let browser: Browser;

  before(async () => {
    browser = await launchBrowser();
  });

  after(() => browser?.close());

  for (const { name, children, width, colorScheme } of [
    { name: 'report-light', children: 3, width: 1280, colorScheme: 'light' },
    { name: 'report-dark-20-children', children: 20, width: 1280, colorScheme: 'dark' },
    { name: 'report-narrow-20-children', children: 20, width: 600, colorScheme: 'light' },
  ] as const) {
    it(`opens without a network or an error: ${name}`, async () => {
      const file = save(name, children);
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, locale: 'en-US' });
      const troubles = troublesOf(page);
      await page.goto(`file://${file}`);
      await page.locator('.chart canvas').first().waitFor();
      assert.equal(
        await page
          .getByRole('option')
          .filter({ has: page.locator('.meters') })
          .count(),
        children + 1,
      );
      const exits = page.locator('.traffic', { hasText: 'exits' }).first();
      assert.match((await exits.textContent()) ?? '', /^9\.1\sk I\/O exits\/s$/, 'and none of its hypercalls');
      const failed = page.locator('.expectations .not-met .seen');
      assert.match((await failed.textContent()) ?? '', /^p95 was 61\.7 ms, at 36\ss of the scenario$/);
      assert.equal(await page.getByRole('toolbar').count(), 0, 'a report has no controls');
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(sideways <= 0, `the page is ${sideways} px too wide`);
      await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
      assert.deepEqual(troubles, []);
      await page.close();
    });
  }

  it('opens in a browser whose locale is no language', async () => {
    const posix = await launchBrowser({ LC_ALL: 'POSIX' });
    try {
      const page = await posix.newPage();
      const language = await page.evaluate(() => navigator.language);
      assert.throws(() => Intl.getCanonicalLocales(language), `${language} is a language, so this proves nothing`);
      const troubles = troublesOf(page);
      await page.goto(`file://${save('report-posix', 3)}`);
      await page.locator('.chart canvas').first().waitFor();
      assert.deepEqual(troubles, []);
    } finally {
      await posix.close();
    }
  });
});

/** The report of a made run beside the screenshots. */
function save(name: string, children: number): string {
  mkdirSync(screenshots, { recursive: true });
  const file = join(screenshots, `${name}.html`);
  writeFileSync(file, reportHtml(recordingFixture(children), { script: asset('panel.js'), style: asset('panel.css') }));
  return file;
}

/** What goes wrong on the page from now on, and every request that leaves the machine. */
function troublesOf(page: Page): string[] {
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('request', (request) => request.url().startsWith('file:') || troubles.push(request.url()));
  return troubles;
}
