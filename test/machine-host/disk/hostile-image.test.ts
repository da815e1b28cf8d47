import fc from 'fast-check';
import { useHostile } from './hostile-image.js';
import { randomOf } from './power-failure.js';
import { SHAPES } from './shapes.js';

describe('a hostile disk image', () => {
  for (const shape of SHAPES.filter(({ format }) => format !== 'raw')) {
    it(`that was a ${shape.title} is refused, or harms nobody but itself`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), (seed) => useHostile(shape, randomOf(seed))),
        { numRuns: shape.format === 'vhdx' ? 60 : 300, endOnFailure: true },
      );
    });
  }
});
