import { Uri, type Webview } from 'vscode';

/** What VS Code keeps of a panel over a reload of the window. */
export interface PanelState {
  uri: string;
  host: string;
}

export function panelHtml(webview: Webview, extensionUri: Uri, state: PanelState): string {
  return pageHtml(webview, extensionUri, { name: 'panel', title: state.host, restore: state });
}

/** What a page is made of: `name` is that of its script and of its style sheet. */
export interface Page {
  name: 'panel' | 'machine';
  title: string;
  restore: PanelState | null;
}

/** A page in which nothing may load or run but its own style sheet and its own script. */
export function pageHtml(webview: Webview, extensionUri: Uri, { name: page, title, restore }: Page): string {
  const asset = (name: string) => webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist/webview', name)).toString();
  const nonce = crypto.randomUUID();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${asset(`${page}.css`)}">
</head>
<body data-restore="${escapeHtml(JSON.stringify(restore))}">
<div id="app"></div>
<script nonce="${nonce}" src="${asset(`${page}.js`)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
