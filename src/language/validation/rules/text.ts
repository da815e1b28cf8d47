import type { Rule } from './rule.js';

/** What is wrong with the text itself. */
export const TEXT_RULES = {
  HV001: {
    severity: 'error',
    title: 'The text cannot be read',
    why: 'What stands there does not belong at that place of the language.',
    remedy: 'Write one of the words that the message offers, or remove what is too much.',
  },
  HV002: {
    severity: 'error',
    title: 'A character that never stands in a file',
    why: 'The file is damaged, it is not UTF-8, or it is some other kind of file.',
    remedy: 'Remove the character, save the file as UTF-8, or open it with the editor it belongs to.',
  },
  HV003: {
    severity: 'error',
    title: 'The text has no closing quote',
    why: 'A text ends on the line where it begins.',
    remedy: 'Add the closing `"`.',
  },
  HV004: {
    severity: 'error',
    title: 'The text is empty',
    why: 'It names an operating system, a file or a thing, and nothing has no name. Only a command line may be empty.',
    remedy: 'Write the name, or leave the text out where it may be left out.',
  },
} as const satisfies Record<string, Rule>;
