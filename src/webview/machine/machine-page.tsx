import { signal } from '@preact/signals';
import { render } from 'preact';
import type { MachineStatus, MachineTraffic, ScreenFrame } from '../../protocol/machine.js';
import type { ScreenMessage, ScreenRequest } from '../../protocol/screen.js';
import { watchTheme } from '../theme.js';
import { GuestFacts } from './guest-facts.js';
import { Screen } from './screen.js';
import { Traffic } from './traffic.js';

interface VsCodeApi {
  postMessage(message: ScreenRequest): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** What the timeline shows: two minutes. */
const KEPT = 121;

const api = acquireVsCodeApi();
const status = signal<MachineStatus | null>(null);
/** One a second. */
const history = signal<MachineTraffic[]>([]);
const ended = signal<string | null>(null);
const drawn = signal(false);
let onFrame: (frame: ScreenFrame) => void = () => {};

function Machine() {
  return (
    <main>
      <h1 class="visually-hidden">{document.title}</h1>
      {ended.value !== null && <p role="status">{ended.value}</p>}
      {!drawn.value && ended.value === null && (
        <p role="status">The guest has no picture yet: its kernel has to load a driver for it (hyperv_drm).</p>
      )}
      <div hidden={!drawn.value}>
        <Screen
          onFrame={(listener) => {
            onFrame = listener;
          }}
          type={(keystroke) => api.postMessage({ type: 'key', keystroke })}
        />
      </div>
      {status.value !== null && <GuestFacts status={status.value} />}
      {history.value.length > 1 && <Traffic history={history.value} />}
    </main>
  );
}

function hear(message: ScreenMessage): void {
  switch (message.type) {
    case 'began':
      ended.value = null;
      status.value = null;
      history.value = [];
      drawn.value = false;
      break;
    case 'frame':
      drawn.value = true;
      onFrame(message.frame);
      break;
    case 'status':
      status.value = message.status;
      history.value = [...history.value, message.status.traffic].slice(-KEPT);
      break;
    case 'ended':
      ended.value = message.text;
      break;
  }
}

const root = document.getElementById('app');
if (!root) throw new Error('The page has no element "app".');
watchTheme();
render(<Machine />, root);
window.addEventListener('message', (event: MessageEvent<ScreenMessage>) => hear(event.data));
api.postMessage({ type: 'ready' });
