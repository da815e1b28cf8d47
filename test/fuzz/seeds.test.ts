import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomOf } from '../machine-host/disk/power-failure.js';
import { mutated } from './mutate.js';
import { parseInput } from './surface.js';
import { SURFACES, seedFolder } from './surfaces.js';

/** Attacks beside those that have found something once: enough to notice a surface that is broken. */
const FRESH_ATTACKS = 20;

describe('hostile input', () => {
  for (const [name, surface] of Object.entries(SURFACES)) {
    it(`to ${name} harms nobody: a few attacks, and all that have found something once`, async () => {
      const samples = await surface.samples();
      for (const sample of samples) await surface.attack(sample);
      for (let seed = 1; seed <= FRESH_ATTACKS; seed++) await surface.attack(mutated(samples, randomOf(seed)));
      const folder = seedFolder(name);
      if (!existsSync(folder)) return;
      for (const file of readdirSync(folder))
        await surface.attack(parseInput(readFileSync(join(folder, file), 'utf8')));
    });
  }
});
