import type { ComponentChildren } from 'preact';
import type { HostPicture, PanelRequest } from '../protocol/protocol.js';
import type { HostPhase } from '../protocol/snapshot.js';
import type { Connection } from './connection.js';
import { formatClock, formatTime } from './format.js';
import { Icon, type IconName } from './icons.js';
import { ARCHITECTURES } from './map/architecture.js';
import type { RunStatus } from './run-state.js';
import { latest, run } from './store.js';

const STATUS_WORDS: Record<RunStatus, string> = {
  loading: 'Loading',
  unavailable: 'Unavailable',
  idle: 'Not running',
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  cancelled: 'Cancelled',
  refused: 'Refused',
  crashed: 'Engine error',
};

const PHASE_WORDS: Record<HostPhase, string> = {
  firmware: 'firmware',
  metal: 'booting on the metal',
  'role-install': 'installing the role',
  reboot: 'restarting',
  hypervisor: 'launching the hypervisor',
  root: 'lifting into the root partition',
  services: 'starting services',
  ready: 'ready',
  down: 'down',
};

/** Virtual seconds per second; null is as fast as the engine can. */
const SPEEDS: readonly (readonly [label: string, speed: number | null])[] = [
  ['¼ ×', 0.25],
  ['1 ×', 1],
  ['5 ×', 5],
  ['20 ×', 20],
  ['100 ×', 100],
  ['As fast as it can', null],
];

export function Header({ connection, picture }: { connection: Connection | null; picture: HostPicture }) {
  const { status, options, result } = run.value;
  const snapshot = latest.value;
  const { hardware, hypervisor } = picture.model;
  return (
    <header>
      <div class="host-name">
        <h1>{picture.model.name}</h1>
        <p>
          {ARCHITECTURES[hypervisor.architecture].product(hypervisor)} on {hardware.title}
          {options?.scenario && `, scenario ${options.scenario}`}
        </p>
      </div>
      <div class="run-state">
        <span class={`status ${status}`}>{STATUS_WORDS[status]}</span>
        {snapshot && status !== 'finished' && <span>{PHASE_WORDS[snapshot.phase]}</span>}
        {snapshot && (
          <span class="clock" title="Virtual time">
            {formatClock(result?.timeNs ?? snapshot.timeNs)}
          </span>
        )}
      </div>
      {connection ? <Controls connection={connection} /> : <ReportFacts />}
    </header>
  );
}

function Controls({ connection }: { connection: Connection }) {
  const { status, options, picture } = run.value;
  const active = status === 'running' || status === 'paused';
  const send = (request: PanelRequest) => () => connection.send(request);
  const reveal: PanelRequest = { type: 'reveal', name: picture?.model.name ?? '' };
  return (
    <div class="controls" role="toolbar" aria-label="Run">
      {!active && (
        <Button icon="play" primary onClick={send({ type: 'run' })}>
          {status === 'idle' ? 'Run' : 'Run again'}
        </Button>
      )}
      {status === 'running' && (
        <Button icon="pause" onClick={send({ type: 'pause' })}>
          Pause
        </Button>
      )}
      {status === 'paused' && (
        <Button icon="play" primary onClick={send({ type: 'resume' })}>
          Resume
        </Button>
      )}
      {active && (
        <Button icon="stop" onClick={send({ type: 'cancel' })}>
          Cancel
        </Button>
      )}
      <Speed speed={options?.speed ?? null} onChange={(speed) => connection.send({ type: 'pace', speed })} />
      {status === 'finished' && (
        <Button icon="report" onClick={send({ type: 'report' })}>
          Save report
        </Button>
      )}
      <Button icon="file" onClick={send(reveal)}>
        Definition
      </Button>
    </div>
  );
}

function Speed({ speed, onChange }: { speed: number | null; onChange: (speed: number | null) => void }) {
  const usual = SPEEDS.some(([, known]) => known === speed);
  const choices = usual ? SPEEDS : [[`${speed} ×`, speed] as const, ...SPEEDS];
  return (
    <label>
      <span>Speed</span>
      <select onChange={(event) => onChange(choices[event.currentTarget.selectedIndex]?.[1] ?? null)}>
        {choices.map(([label, value]) => (
          <option key={label} selected={value === speed}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

function Button(props: { icon: IconName; primary?: boolean; onClick: () => void; children: ComponentChildren }) {
  return (
    <button type="button" class={props.primary ? 'primary' : ''} onClick={props.onClick}>
      <Icon name={props.icon} />
      {props.children}
    </button>
  );
}

/** What makes a reported run repeatable. */
function ReportFacts() {
  const { result } = run.value;
  if (!result) return null;
  return (
    <dl class="facts">
      <dt>Ready after</dt>
      <dd>{formatTime(result.readyNs)}</dd>
      <dt>Seed</dt>
      <dd>{result.seed}</dd>
      <dt>Trace</dt>
      <dd>
        <code>{result.traceHash}</code>
      </dd>
    </dl>
  );
}
