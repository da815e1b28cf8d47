import assert from 'node:assert/strict';
import { VsCode } from './support/vscode.js';

const THEMES = [
  { name: 'dark', theme: 'Default Dark Modern' },
  { name: 'light', theme: 'Default Light Modern' },
  { name: 'high-contrast', theme: 'Default High Contrast' },
  { name: 'high-contrast-light', theme: 'Default High Contrast Light' },
];

/** Pictures for people to look at in out/screenshots, and for each theme what axe finds in them. */
describe('the looks', () => {
  for (const { name, theme } of THEMES) {
    it(`in ${name}`, async () => {
      const vscode = await VsCode.start({
        'workbench.colorTheme': theme,
        'hvhost.run.speed': 0,
        'hvhost.run.duration': 90,
        'editor.minimap.enabled': false,
      });
      try {
        await vscode.openFile('cathedral.hvhost');
        await vscode.page.locator('.codelens-decoration a', { hasText: 'Run Host' }).first().waitFor();
        await vscode.screenshot(`editor-${name}`);
        await vscode.runFromLens('Run Host', 'Cathedral');
        await vscode.command('View: Toggle Primary Side Bar Visibility');
        await vscode.panel.locator('.chart canvas').first().waitFor();
        await vscode.screenshot(`panel-${name}`);
        await vscode.panel.getByRole('heading', { name: 'Load' }).evaluate((heading) => heading.scrollIntoView());
        await vscode.screenshot(`panel-load-${name}`);
        await vscode.panel.getByRole('heading', { name: 'Timeline' }).evaluate((heading) => heading.scrollIntoView());
        await vscode.screenshot(`panel-timeline-${name}`);
        assert.deepEqual(await vscode.panelFaults(), []);
      } finally {
        await vscode.stop();
      }
    });
  }
});
