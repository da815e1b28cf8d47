import { type Random, randomOf } from '../../machine-host/disk/power-failure.js';
import { SHAPES, type Shape } from '../../machine-host/disk/shapes.js';
import type { Input, Surface } from '../surface.js';
import { InputReader } from '../surface.js';

/** Disk files. What is done to one follows from a number: its checksums have to be mended behind each change. */
export function disk(test: (shape: Shape, random: Random) => Promise<void>, format: string): Surface {
  const shapes = SHAPES.filter((shape) => shape.format === format);
  return {
    samples: () => shapes.map((_, index): Input => [Uint8Array.of(index, 0, 0, 0, 0)]),
    async attack(input) {
      const reader = new InputReader(Buffer.concat(input));
      const shape = shapes[reader.byte() % shapes.length]!;
      let seed = reader.word();
      for (const byte of reader.rest()) seed = Math.imul(seed ^ byte, 0x01000193);
      await test(shape, randomOf(seed));
    },
  };
}
