import { readFile } from 'node:fs/promises';

/** The page of the panel, which lies beside the command line. */
export async function readAssets(): Promise<{ script: string; style: string }> {
  const read = (name: string) => readFile(new URL(`webview/${name}`, import.meta.url), 'utf8');
  const [script, style] = await Promise.all([read('panel.js'), read('panel.css')]);
  return { script, style };
}
