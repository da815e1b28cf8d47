import { type Disposable, type ExtensionContext, Uri, type WebviewPanel, window } from 'vscode';
import { admitHost } from '../../model/admission.js';
import { deviceTrees } from '../../model/devices.js';
import type { HostModel } from '../../model/host-model.js';
import type { PanelMessage, PanelRequest, RunOptions } from '../../protocol/protocol.js';
import type { Hosts } from '../hosts.js';
import type { Platform } from '../platform.js';
import { problemSummary } from '../problems.js';
import { exportReport } from '../report.js';
import { type Ended, HostRun } from '../run/host-run.js';
import { runOptions } from '../run/run-settings.js';
import { panelHtml } from './panel-html.js';
import { revealElement } from './reveal-element.js';

/** The panel of one host of one file. A second run replaces the first. */
export class HostPanel {
  private current: HostRun | null = null;
  private scenario: string | null = null;
  /** Chosen in the panel; until then the setting counts. */
  private speed: number | null | undefined;
  private pageReady = false;
  private disposed = false;
  /** Counts starts: one that was overtaken by another while its engine started has no effect. */
  private starts = 0;
  private readonly subscriptions: Disposable[] = [];

  constructor(
    readonly view: WebviewPanel,
    readonly uri: Uri,
    readonly host: string,
    private readonly context: ExtensionContext,
    private readonly platform: Platform,
    private readonly hosts: Hosts,
  ) {
    view.webview.options = {
      enableScripts: true,
      localResourceRoots: [Uri.joinPath(context.extensionUri, 'dist/webview')],
    };
    view.iconPath = Uri.joinPath(context.extensionUri, 'media/icon.svg');
    this.subscriptions.push(
      view.webview.onDidReceiveMessage((request: PanelRequest) => void this.answer(request).catch(tell)),
      view.onDidDispose(() => this.dispose()),
    );
    view.webview.html = panelHtml(view.webview, context.extensionUri, { uri: uri.toString(), host });
  }

  get run(): HostRun | null {
    return this.current;
  }

  /** Runs the host from the start; resolves when that run is over. */
  async start(model: HostModel, scenario: string | null): Promise<Ended> {
    const start = ++this.starts;
    this.current?.dispose();
    this.scenario = scenario;
    const settings = runOptions(this.uri, model, scenario);
    const options: RunOptions = this.speed === undefined ? settings : { ...settings, speed: this.speed };
    const picture = { model, admission: admitHost(model), deviceTrees: deviceTrees(model) };
    const engine = await this.platform.startEngine(this.context);
    if (this.disposed || start !== this.starts) {
      engine.dispose();
      return { type: 'cancelled', timeNs: 0 };
    }
    const run = new HostRun(picture, options, engine);
    this.current = run;
    this.post({ type: 'host', picture, options });
    run.onEvent((event) => this.post({ type: 'engine', event }));
    return run.ended;
  }

  private async answer(request: PanelRequest): Promise<void> {
    switch (request.type) {
      case 'ready':
        this.pageReady = true;
        return this.replay();
      case 'run':
        return this.runAgain();
      case 'pace':
        this.speed = request.speed;
        return this.current?.send(request);
      case 'pause':
      case 'resume':
      case 'cancel':
        return this.current?.send(request);
      case 'report':
        return exportReport(this.context, this.current?.recording() ?? null, this.uri);
      case 'reveal':
        return revealElement(this.uri, this.host, request.name);
    }
  }

  /** A page that opens, comes back from behind another tab or survives a reload sees what it missed. */
  private async replay(): Promise<void> {
    if (this.current) {
      const { picture, options, events } = this.current;
      this.post({ type: 'host', picture, options });
      for (const event of events) this.post({ type: 'engine', event });
      return;
    }
    const model = await this.readModel();
    if (!model || this.current) return;
    const picture = { model, admission: admitHost(model), deviceTrees: deviceTrees(model) };
    this.post({ type: 'host', picture, options: runOptions(this.uri, model, this.scenario) });
  }

  private async runAgain(): Promise<void> {
    const model = await this.readModel();
    if (model) await this.start(model, this.scenario);
  }

  private async readModel(): Promise<HostModel | null> {
    const answer = await this.hosts.model(this.uri, this.host);
    if (answer.ok) return answer.model;
    this.post({ type: 'unavailable', reason: problemSummary(this.host, answer.problems) });
    return null;
  }

  private post(message: PanelMessage): void {
    if (this.pageReady && !this.disposed) void this.view.webview.postMessage(message);
  }

  private dispose(): void {
    this.disposed = true;
    this.current?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** Nobody else hears of it: the page has asked and waits for nothing. */
function tell(error: unknown): void {
  void window.showErrorMessage(error instanceof Error ? error.message : String(error));
}
