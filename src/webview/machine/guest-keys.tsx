import type { ComponentChildren, TargetedKeyboardEvent } from 'preact';
import { useRef } from 'preact/hooks';
import type { Keystroke } from '../../protocol/machine.js';
import { keystroke } from './scan-codes.js';

interface Props {
  type(keystroke: Keystroke): void;
  children: ComponentChildren;
}

/** The frame around a guest's screen. It takes the keys while it has the focus; Ctrl+Alt gives them back, as in other viewers. */
export function GuestKeys({ type, children }: Props) {
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
      {children}
    </div>
  );
}
