/** Attacks one surface, seed after seed, until one of them finds something. */
import { parentPort, workerData } from 'node:worker_threads';
import { randomOf } from '../machine-host/disk/power-failure.js';
import { mutated } from './mutate.js';
import { SURFACES } from './surfaces.js';

export interface AttackOrder {
  surface: string;
  seed: number;
  /** How long. */
  ms: number;
  /** Attacks begun. */
  progress: Int32Array;
}

export interface AttackMessage {
  fault: string | null;
}

const { surface: name, seed, ms, progress } = workerData as AttackOrder;
const surface = SURFACES[name]!;
const samples = await surface.samples();
const end = performance.now() + ms;
let fault: string | null = null;
while (fault === null && performance.now() < end) {
  const input = mutated(samples, randomOf(seed + Atomics.add(progress, 0, 1)));
  try {
    await surface.attack(input);
  } catch (error) {
    fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
parentPort?.postMessage({ fault } satisfies AttackMessage);
