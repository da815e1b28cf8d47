import fc from 'fast-check';
import { loseEachSector, losePower, randomOf } from './power-failure.js';
import { SHAPES } from './shapes.js';

/** Seeds whose runs have found something once: [shape, seed]. */
const FOUND: [title: string, seed: number][] = [];

/** A VHDX is large, so it gets fewer here; `npm run fuzz -- vhdx-power` gives it as many as you like. */
describe('a disk whose power fails', () => {
  for (const shape of SHAPES) {
    it(`keeps what was flushed to a ${shape.title}`, async () => {
      for (const [, seed] of FOUND.filter(([title]) => title === shape.title)) await losePower(shape, randomOf(seed));
      await fc.assert(
        fc.asyncProperty(fc.nat(), (seed) => losePower(shape, randomOf(seed))),
        { numRuns: shape.format === 'vhdx' ? 30 : 200, endOnFailure: true },
      );
    });

    it(`needs no sector of a ${shape.title} before its time`, async () => {
      const seeds = shape.format === 'vhdx' ? [3] : [1, 2, 3, 4, 5, 6, 7, 8];
      for (const seed of seeds) await loseEachSector(shape, randomOf(seed));
    });
  }
});
