import { ImportError } from './import-error.js';

/**
 * The JSON value of a file as PowerShell writes it: UTF-8, or UTF-16 of either order, with or without a byte order mark.
 * Throws ImportError.
 */
export function decodeJson(bytes: Uint8Array): unknown {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  if (text.trim() === '') throw new ImportError('the file is empty');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ImportError(`this is not JSON (${error instanceof Error ? error.message : error})`);
  }
}

/** JSON begins with an ASCII character, so that a zero beside it tells UTF-16 without a mark. */
function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || second === 0) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || first === 0) return 'utf-16be';
  return 'utf-8';
}
