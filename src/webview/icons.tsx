/** Small pictures, 16 by 16, in the colour of the text. A word always stands beside them. */
const PATHS = {
  play: 'M4 2.8v10.4L13 8z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  stop: 'M3.5 3.5h9v9h-9z',
  report: 'M8 1.5v7m0 0L5 5.7m3 2.8 3-2.8M2.5 10v3.5h11V10',
  file: 'M4 1.5h5.5L13 5v9.5H4zM9 1.5V5.5h4',
  check: 'M2.5 8.5 6 12l7.5-8',
  cross: 'M3.5 3.5l9 9m0-9-9 9',
  physical: 'M2 5h12v7H2zM4.5 12v2m7-2v2M4.5 7.5h4',
  synthetic: 'M1.5 6h13m-13 4h13M4 6v4m4-4v4m4-4v4',
  emulated: 'M4 4h8v8H4zM6.5 4V1.5m3 2.5V1.5m-3 13V12m3 2.5V12M4 6.5H1.5m2.5 3H1.5m13-3H12m2.5 3H12',
  platform: 'M2.5 2.5h11v11h-11zM5.5 5.5h5v5h-5z',
  boot: 'M8 1.8v6M4.6 4.2a5.2 5.2 0 1 0 6.8 0',
  life: 'M2.5 2.5h11v11h-11z',
  vmbus: 'M1.5 6h13m-13 4h13',
  memory: 'M1.5 4.5h13v6h-13zm2.5 6v2m4-2v2m4-2v2',
  scenario: 'M3.5 14.5v-13m0 1h9l-2 3 2 3h-9',
  fault: 'M8 1.8 15 14H1zM8 6v4m0 1.6v1',
} as const;

export type IconName = keyof typeof PATHS;

const FILLED: ReadonlySet<IconName> = new Set(['play', 'pause', 'stop']);

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      class={`icon ${FILLED.has(name) ? 'filled' : ''}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
