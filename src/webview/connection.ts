import type { PanelMessage, PanelRequest } from '../protocol/protocol.js';

/** The panel's line to the extension. */
export interface Connection {
  send(request: PanelRequest): void;
}

interface VsCodeApi {
  postMessage(message: PanelRequest): void;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/**
 * Connects to the extension. `onMessages` gets everything that arrived since the frame before: a fast run sends more
 * snapshots than a screen can show.
 */
export function connect(onMessages: (messages: PanelMessage[]) => void): Connection {
  const api = acquireVsCodeApi();
  // What VS Code hands back to the extension to restore this panel after a reload of the window.
  api.setState(JSON.parse(document.body.dataset['restore'] ?? 'null'));

  let waiting: PanelMessage[] = [];
  window.addEventListener('message', (event: MessageEvent<PanelMessage>) => {
    waiting.push(event.data);
    if (waiting.length > 1) return;
    requestAnimationFrame(() => {
      const messages = waiting;
      waiting = [];
      onMessages(messages);
    });
  });
  api.postMessage({ type: 'ready' });
  return { send: (request) => api.postMessage(request) };
}
