import { type ExtensionContext, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { MachineCommand } from '../../protocol/machine.js';
import type { ScreenMessage, ScreenRequest } from '../../protocol/screen.js';
import { pageHtml } from '../panel/panel-html.js';

/** The page that shows a child's screen and what its guest says of itself; its keys go to the guest. */
export class ScreenPanel {
  private readonly view: WebviewPanel;
  private ready = false;
  /** How the child ended; null while it runs. */
  private end: ScreenMessage | null = null;

  /** `send` reaches the child while it runs, which draws when it is watched; `closed`: nobody looks any more. */
  constructor(context: ExtensionContext, name: string, send: (command: MachineCommand) => void, closed: () => void) {
    const options = {
      enableScripts: true,
      retainContextWhenHidden: true, // only what changes is sent
      localResourceRoots: [Uri.joinPath(context.extensionUri, 'dist/webview')],
    };
    const column = { viewColumn: ViewColumn.Active };
    const title = `Screen of ${name}`;
    this.view = window.createWebviewPanel('hvhost.screen', title, column, options);
    this.view.iconPath = Uri.joinPath(context.extensionUri, 'media/icon.svg');
    this.view.webview.onDidReceiveMessage((request: ScreenRequest) => {
      if (request.type === 'key') send(request);
      else this.begin(send);
    });
    this.view.onDidDispose(() => {
      send({ type: 'watch screen', on: false });
      closed();
    });
    this.view.webview.html = pageHtml(this.view.webview, context.extensionUri, {
      name: 'machine',
      title,
      restore: null,
    });
  }

  tell(message: ScreenMessage): void {
    if (message.type === 'began') this.end = null;
    if (message.type === 'ended') this.end = message;
    if (this.ready) void this.view.webview.postMessage(message);
  }

  show(): void {
    this.view.reveal();
  }

  dispose(): void {
    this.view.dispose();
  }

  /** VS Code makes the page anew where it moves to another window: it knows nothing then, and gets the whole screen. */
  private begin(send: (command: MachineCommand) => void): void {
    this.ready = true;
    send({ type: 'watch screen', on: true });
    if (this.end !== null) this.tell(this.end);
  }
}
