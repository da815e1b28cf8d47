/** Attacks one surface, seed after seed, until one of them finds something. */
import { parentPort, workerData } from 'node:worker_threads';
import { randomOf } from '../machine-host/disk/power-failure.js';
import { mutated } from './mutate.js';
import type { Input } from './surface.js';
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
  /** The input without what does not matter; null: nothing was found. */
  found: { fault: string; input: Input } | null;
}

const { surface: name, seed, ms, progress } = workerData as AttackOrder;
const surface = SURFACES[name]!;
const samples = await surface.samples();
const end = performance.now() + ms;
let found: AttackMessage['found'] = null;
while (found === null && performance.now() < end) {
  const input = mutated(samples, randomOf(seed + Atomics.add(progress, 0, 1)));
  const fault = await faultOf(input);
  if (fault !== null) found = { fault, input: await smallest(input) };
}
parentPort?.postMessage({ found } satisfies AttackMessage);

async function faultOf(input: Input): Promise<string | null> {
  try {
    await surface.attack(input);
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Without the parts that it does not need to find something. */
async function smallest(input: Input): Promise<Input> {
  let needed = input;
  for (let at = input.length - 1; at >= 0; at--) {
    const fewer = needed.toSpliced(at, 1);
    if ((await faultOf(fewer)) !== null) needed = fewer;
  }
  return needed;
}
