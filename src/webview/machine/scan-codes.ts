import type { Keystroke } from '../../protocol/machine.js';

/** Keys of the browser (UI Events, KeyboardEvent.code) and their codes of scan code set 1, in the order of the codes. */
const PLAIN = [
  ...['Escape', 'Digit1', 'Digit2', 'Digit3', 'Digit4', 'Digit5', 'Digit6', 'Digit7', 'Digit8', 'Digit9', 'Digit0'],
  ...['Minus', 'Equal', 'Backspace', 'Tab', 'KeyQ', 'KeyW', 'KeyE', 'KeyR', 'KeyT', 'KeyY', 'KeyU', 'KeyI', 'KeyO'],
  ...['KeyP', 'BracketLeft', 'BracketRight', 'Enter', 'ControlLeft', 'KeyA', 'KeyS', 'KeyD', 'KeyF', 'KeyG', 'KeyH'],
  ...['KeyJ', 'KeyK', 'KeyL', 'Semicolon', 'Quote', 'Backquote', 'ShiftLeft', 'Backslash', 'KeyZ', 'KeyX', 'KeyC'],
  ...['KeyV', 'KeyB', 'KeyN', 'KeyM', 'Comma', 'Period', 'Slash', 'ShiftRight', 'NumpadMultiply', 'AltLeft', 'Space'],
  ...['CapsLock', 'F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'NumLock', 'ScrollLock', 'Numpad7'],
  ...['Numpad8', 'Numpad9', 'NumpadSubtract', 'Numpad4', 'Numpad5', 'Numpad6', 'NumpadAdd', 'Numpad1', 'Numpad2'],
  ...['Numpad3', 'Numpad0', 'NumpadDecimal'],
];

const CODES = new Map<string, number>([
  ...PLAIN.map((key, index): [string, number] => [key, index + 1]),
  ['IntlBackslash', 0x56],
  ['F11', 0x57],
  ['F12', 0x58],
]);

/** Keys that the first PC did not have: behind the byte E0. */
const EXTENDED: Readonly<Record<string, number>> = {
  NumpadEnter: 0x1c,
  ControlRight: 0x1d,
  NumpadDivide: 0x35,
  AltRight: 0x38,
  Home: 0x47,
  ArrowUp: 0x48,
  PageUp: 0x49,
  ArrowLeft: 0x4b,
  ArrowRight: 0x4d,
  End: 0x4f,
  ArrowDown: 0x50,
  PageDown: 0x51,
  Insert: 0x52,
  Delete: 0x53,
  MetaLeft: 0x5b,
  MetaRight: 0x5c,
  ContextMenu: 0x5d,
};

/** null: no key of the PC's keyboard. */
export function keystroke(code: string, up: boolean): Keystroke | null {
  const extended = EXTENDED[code];
  if (extended !== undefined) return { code: extended, prefix: 'e0', up };
  const plain = CODES.get(code);
  return plain === undefined ? null : { code: plain, prefix: 'none', up };
}
