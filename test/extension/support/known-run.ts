/**
 * A run whose trace is the same wherever the engine runs: on the thread of a Node process, in its worker, in a web
 * worker of a browser. Who changes what the engine does changes the hash, and puts here what the test then prints.
 */
export const KNOWN_RUN = {
  file: 'cathedral.hvhost',
  host: 'Cathedral',
  seconds: 60,
  seed: 1,
  traceHash: '1b86e155f67a8fbe',
} as const;
