import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { reportHtml } from '../../src/protocol/report.js';
import { launchBrowser } from '../vscode/rig/browser.mjs';
import { recordingFixture } from './fixtures/recording.js';

const root = resolve(import.meta.dirname, '../..');
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
      const folder = join(root, 'out/screenshots');
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `${name}.html`);
      writeFileSync(
        file,
        reportHtml(recordingFixture(children), { script: asset('panel.js'), style: asset('panel.css') }),
      );
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, locale: 'en-US' });
      const troubles: string[] = [];
      page.on('pageerror', (error) => troubles.push(error.message));
      page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
      page.on('request', (request) => request.url().startsWith('file:') || troubles.push(request.url()));
      await page.goto(`file://${file}`);
      await page.locator('.chart canvas').first().waitFor();
      assert.equal(
        await page
          .getByRole('option')
          .filter({ has: page.locator('.meters') })
          .count(),
        children + 1,
      );
      assert.equal(await page.getByRole('toolbar').count(), 0, 'a report has no controls');
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(sideways <= 0, `the page is ${sideways} px too wide`);
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
      assert.deepEqual(troubles, []);
      await page.close();
    });
  }
});
