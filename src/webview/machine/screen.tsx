import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Keystroke, ScreenFrame } from '../../protocol/machine.js';
import { GuestKeys } from './guest-keys.js';

interface Props {
  /** Calls back with every piece of the screen from now on. */
  onFrame(listener: (frame: ScreenFrame) => void): void;
  type(keystroke: Keystroke): void;
}

/** The guest's screen, pixel by pixel. */
export function Screen({ onFrame, type }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // At once: the first frame holds the whole screen, and may come before an effect that waits for the page to be painted.
  useLayoutEffect(() => onFrame((frame) => draw(canvas.current, frame)), []);
  return (
    <GuestKeys type={type}>
      <canvas ref={canvas} width={640} height={480} />
    </GuestKeys>
  );
}

function draw(canvas: HTMLCanvasElement | null, frame: ScreenFrame): void {
  if (canvas === null) return;
  const { width, height, left, top, right, bottom, pixels } = frame;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const bytes = new Uint8ClampedArray(pixels);
  canvas.getContext('2d')?.putImageData(new ImageData(bytes, right - left, bottom - top), left, top);
}
