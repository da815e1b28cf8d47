import './language-tag.js';
import { render } from 'preact';
import type { PanelMessage } from '../protocol/protocol.js';
import type { Recording } from '../protocol/report.js';
import { App } from './app.js';
import { type Connection, connect } from './connection.js';
import { reduce, replay } from './run-state.js';
import { run } from './store.js';
import { watchTheme } from './theme.js';

/** Set by a report page, which shows a recorded run and talks to nobody. */
declare global {
  var hvhostRecording: Recording | undefined;
}

const root = document.getElementById('app');
if (!root) throw new Error('The page has no element "app".');

watchTheme();
const recording = globalThis.hvhostRecording;
let connection: Connection | null = null;
if (recording) run.value = replay(recording);
else connection = connect(apply);
render(<App connection={connection} />, root);

function apply(messages: PanelMessage[]): void {
  run.value = messages.reduce(reduce, run.value);
}
