import '../language-tag.js';
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { Keystroke, MachineStatus, MachineTraffic, ScreenFrame, TextFrame } from '../../protocol/machine.js';
import type { ScreenMessage, ScreenRequest } from '../../protocol/screen.js';
import { watchTheme } from '../theme.js';
import { GuestFacts } from './guest-facts.js';
import { Screen } from './screen.js';
import { TextScreen } from './text-screen.js';
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
/** What it shows: nothing yet, pixels that {@link onFrame} draws, or these characters. */
const shown = signal<'nothing' | 'pixels' | TextFrame>('nothing');
let onFrame: (frame: ScreenFrame) => void = () => {};
const type = (keystroke: Keystroke) => api.postMessage({ type: 'key', keystroke });

function Machine() {
  // Who shows characters is a bare machine, which neither says anything of itself nor knows a hypervisor.
  const isBare = typeof shown.value === 'object';
  return (
    <main>
      <h1 class="visually-hidden">{document.title}</h1>
      {ended.value !== null && <p role="status">{ended.value}</p>}
      {shown.value === 'nothing' && ended.value === null && (
        <p role="status">
          The guest has no picture yet: its kernel has to load a driver for it (hyperv_drm; a legacy child:
          console=tty0).
        </p>
      )}
      {typeof shown.value === 'object' && <TextScreen frame={shown.value} type={type} />}
      <div hidden={shown.value !== 'pixels'}>
        <Screen
          onFrame={(listener) => {
            onFrame = listener;
          }}
          type={type}
        />
      </div>
      {!isBare && status.value !== null && <GuestFacts status={status.value} />}
      {!isBare && history.value.length > 1 && <Traffic history={history.value} />}
    </main>
  );
}

function hear(message: ScreenMessage): void {
  switch (message.type) {
    case 'began':
      ended.value = null;
      status.value = null;
      history.value = [];
      shown.value = 'nothing';
      break;
    case 'frame':
      if ('lines' in message.frame) {
        shown.value = message.frame;
        break;
      }
      shown.value = 'pixels';
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
