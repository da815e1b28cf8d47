import { type Disposable, type ExtensionContext, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { hostKey } from '../host-key.js';
import type { Hosts } from '../hosts.js';
import type { Platform } from '../platform.js';
import { HostPanel } from './host-panel.js';
import type { PanelState } from './panel-html.js';

const VIEW_TYPE = 'hvhost.host';

/** One panel for each host, reused by every run of it and restored after a reload of the window. */
export class HostPanels implements Disposable {
  private readonly panels = new Map<string, HostPanel>();
  private readonly serializer: Disposable;
  private last: HostPanel | null = null;

  constructor(
    private readonly context: ExtensionContext,
    private readonly platform: Platform,
    private readonly hosts: Hosts,
  ) {
    this.serializer = window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (view, state: PanelState | null) => {
        if (state) this.adopt(view, Uri.parse(state.uri), state.host);
        else view.dispose();
      },
    });
  }

  /** The panel the user looked at last; null when none is open. */
  get latest(): HostPanel | null {
    return this.last;
  }

  show(uri: Uri, host: string): HostPanel {
    const open = this.panels.get(hostKey(uri, host));
    if (open) {
      open.view.reveal(undefined, true);
      this.last = open;
      return open;
    }
    const column = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    return this.adopt(window.createWebviewPanel(VIEW_TYPE, host, column), uri, host);
  }

  dispose(): void {
    this.serializer.dispose();
    for (const panel of [...this.panels.values()]) panel.view.dispose();
  }

  private adopt(view: WebviewPanel, uri: Uri, host: string): HostPanel {
    const panel = new HostPanel(view, uri, host, this.context, this.platform, this.hosts);
    this.panels.set(hostKey(uri, host), panel);
    this.last = panel;
    view.onDidChangeViewState(() => {
      if (view.active) this.last = panel;
    });
    view.onDidDispose(() => {
      this.panels.delete(hostKey(uri, host));
      if (this.last === panel) this.last = null;
    });
    return panel;
  }
}
