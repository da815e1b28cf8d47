import fc from 'fast-check';

const FRAGMENTS = [
  ...[
    '{',
    '}',
    '"',
    '/*',
    '*/',
    '//',
    '\n',
    '\r\n',
    ' ',
    '5',
    '1.5',
    'GB',
    '§',
    '\ufffd',
    '*',
    ',',
    '/',
    '-',
    'x',
    'ü',
  ],
  ...['on', 'all', 'host', 'memory', 'import', '"open', 'host Z on Box {', 'workload W { }', 'scenario Q on A { }'],
  ...[
    '} host K on Box { }',
    'hardware Box { }',
    'child c "Debian 12" {',
    'runs W',
    '// all }',
    '/* all */',
    '/* x */ /*',
  ],
  ...['import "lib.hvhost"\n', 'import "hardware/twin-epyc.hvhost"\n', 'import "modern.hvhost"'],
];

/** A place is a part of the text, because the text changes on the way. */
const place = fc.double({ min: 0, max: 1, noNaN: true });
const fragment = fc.constantFrom(...FRAGMENTS);

/** What people and their tools do to a text, and worse. */
export const randomEdit = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), at: place, text: fragment }),
  fc.record({ kind: fc.constant('remove' as const), at: place, length: fc.nat({ max: 12 }) }),
  fc.record({ kind: fc.constant('replaceWord' as const), at: place, text: fc.oneof(fragment, fc.constant('')) }),
  fc.record({ kind: fc.constant('nudgeNumber' as const), at: place, by: fc.nat({ max: 30 }) }),
  fc.record({ kind: fc.constant('removeSpan' as const), at: place, to: place }),
  fc.record({ kind: fc.constant('copyLines' as const), at: place, lines: fc.nat({ max: 9 }), to: place }),
  fc.record({ kind: fc.constant('undo' as const) }),
);

export type RandomEdit = typeof randomEdit extends fc.Arbitrary<infer T> ? T : never;

export function applyEdit(text: string, edit: RandomEdit, before: string): string {
  if (edit.kind === 'undo') return before;
  const at = Math.floor(edit.at * text.length);
  switch (edit.kind) {
    case 'insert':
      return text.slice(0, at) + edit.text + text.slice(at);
    case 'remove':
      return text.slice(0, at) + text.slice(at + edit.length);
    case 'replaceWord':
      return replaceOne(text, /"[^"\n]*"|[\w-]+|[^\s\w]/g, edit.at, () => edit.text);
    case 'nudgeNumber':
      return replaceOne(text, /\d+/g, edit.at, (digits) => `${Number(digits) + edit.by}`);
    case 'removeSpan': {
      const [from, to] = [at, Math.floor(edit.to * text.length)].sort((a, b) => a - b) as [number, number];
      // Longer ones would leave nothing to edit.
      return to - from > text.length / 3 ? text : text.slice(0, from) + text.slice(to);
    }
    case 'copyLines': {
      const lines = text.split('\n');
      const from = Math.floor(edit.at * lines.length);
      lines.splice(Math.floor(edit.to * lines.length), 0, ...lines.slice(from, from + edit.lines));
      return lines.join('\n');
    }
  }
}

function replaceOne(text: string, pattern: RegExp, at: number, change: (found: string) => string): string {
  const matches = [...text.matchAll(pattern)];
  const match = matches[Math.min(matches.length - 1, Math.floor(at * matches.length))];
  if (!match) return text;
  return text.slice(0, match.index) + change(match[0]) + text.slice(match.index + match[0].length);
}
