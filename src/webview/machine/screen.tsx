import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Keystroke, ScreenFrame } from '../../protocol/machine.js';
import { keystroke } from './scan-codes.js';

interface Props {
  /** Calls back with every piece of the screen from now on. */
  onFrame(listener: (frame: ScreenFrame) => void): void;
  type(keystroke: Keystroke): void;
}

/** The guest's screen. It takes the keys while it has the focus; Ctrl+Alt gives them back, as in other viewers. */
export function Screen({ onFrame, type }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => onFrame((frame) => draw(canvas.current, frame)), []);

  const pressed = useRef(new Set<string>());
  const press = (event: TargetedKeyboardEvent<HTMLDivElement>, up: boolean) => {
    if (event.ctrlKey && event.altKey && !up) {
      event.currentTarget.blur();
      return;
    }
    const stroke = keystroke(event.code, up);
    if (stroke === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (up) pressed.current.delete(event.code);
    else pressed.current.add(event.code);
    type(stroke);
  };
  /** A key that is let go elsewhere would be down for ever. */
  const release = () => {
    for (const code of pressed.current) {
      const stroke = keystroke(code, true);
      if (stroke !== null) type(stroke);
    }
    pressed.current.clear();
  };
  return (
    <div
      class="screen"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes keys
      tabIndex={0}
      aria-label="Screen of the guest. It takes the keys while it has the focus; Ctrl+Alt gives them back."
      onKeyDown={(event) => press(event, false)}
      onKeyUp={(event) => press(event, true)}
      onBlur={release}
    >
      <canvas ref={canvas} width={640} height={480} />
    </div>
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
