import { Uri, type Webview } from 'vscode';

/** What VS Code keeps of a panel over a reload of the window. */
export interface PanelState {
  uri: string;
  host: string;
}

/** The page of a panel: nothing may load or run but its own style sheet and its own script. */
export function panelHtml(webview: Webview, extensionUri: Uri, state: PanelState): string {
  const asset = (name: string) => webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist/webview', name)).toString();
  const nonce = crypto.randomUUID();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<title>${escapeHtml(state.host)}</title>
<link rel="stylesheet" href="${asset('panel.css')}">
</head>
<body data-restore="${escapeHtml(JSON.stringify(state))}">
<div id="app"></div>
<script nonce="${nonce}" src="${asset('panel.js')}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
