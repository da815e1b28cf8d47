import type { Keystroke, TextFrame, TextRun } from '../../protocol/machine.js';
import { GuestKeys } from './guest-keys.js';

/** The guest's screen in a text mode: characters in the colours that the guest gives them, in the editor's own font. */
export function TextScreen({ frame, type }: { frame: TextFrame; type(keystroke: Keystroke): void }) {
  const { lines, cursor } = frame;
  return (
    <GuestKeys type={type}>
      <pre>
        {lines.map((runs, line) => (
          <div key={line}>
            {(cursor?.line === line ? withCursor(runs, cursor.column) : runs).map(
              ({ text, foreground, background }, at) => (
                <span key={at} style={{ color: hex(foreground), backgroundColor: hex(background) }}>
                  {text}
                </span>
              ),
            )}
          </div>
        ))}
      </pre>
    </GuestKeys>
  );
}

/** The character under the cursor has its colours changed over; black on black shows in white. */
function withCursor(runs: TextRun[], column: number): TextRun[] {
  let left = column;
  return runs.flatMap((run) => {
    const at = left;
    left -= run.text.length;
    if (at < 0 || at >= run.text.length) return [run];
    const { text, foreground, background } = run;
    const ink = foreground === background ? 0xffffff : foreground;
    return [
      { ...run, text: text.slice(0, at) },
      { text: text.slice(at, at + 1), foreground: background, background: ink },
      { ...run, text: text.slice(at + 1) },
    ].filter((piece) => piece.text !== '');
  });
}

function hex(colour: number): string {
  return `#${colour.toString(16).padStart(6, '0')}`;
}
