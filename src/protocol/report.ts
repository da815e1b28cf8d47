import type { HostPicture, RunOptions } from './protocol.js';
import type { RunResult } from './run-result.js';
import type { Snapshot } from './snapshot.js';

/** What a report page carries instead of a live connection. */
export interface Recording {
  picture: HostPicture;
  options: RunOptions;
  snapshots: Snapshot[];
  result: RunResult;
}

/** The bundled page of the panel: the same code shows a recorded run. */
export interface ReportAssets {
  script: string;
  style: string;
}

/** One self-contained HTML page that shows a finished run. It asks for nothing from anywhere and runs no other script. */
export function reportHtml(recording: Recording, assets: ReportAssets): string {
  const title = escapeHtml(`${recording.picture.model.name} – hvhost report`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${title}</title>
<style>${assets.style.replaceAll('</style', '<\\/style')}</style>
</head>
<body class="report">
<div id="app"></div>
<script>globalThis.hvhostRecording = ${escapeScript(JSON.stringify(recording))};</script>
<script>${assets.script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

/** Inside a script element "</script" and "<!--" would end or change the script, wherever they stand in a string. */
function escapeScript(json: string): string {
  return json.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
