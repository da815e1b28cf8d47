/** Text in a PowerShell script, so that no name can become code. */

/** The definition cannot become a script; the message says why. */
export class ExportError extends Error {}

/** What ends a line or hides in one. */
const NEVER = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/**
 * A text as an argument. Scripts without a byte order mark are read in the code page of the system, where parts of other
 * letters may turn into quotes, so that only ASCII stands in quotes. Throws ExportError for control characters.
 */
export function literal(text: string): string {
  if (NEVER.test(text)) throw new ExportError(`${JSON.stringify(text)} has a control character, which no name has`);
  const parts = text.match(/[\x20-\x7e]+|[^\x20-\x7e]/g) ?? [''];
  const written = parts.map(part);
  // An operand in front that is a text: the sum of two characters would be a number.
  if (written.length === 1 && written[0]?.startsWith("'")) return written[0];
  return `(${(written[0]?.startsWith("'") ? written : ["''", ...written]).join(' + ')})`;
}

function part(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  const code = text.codePointAt(0) ?? 0;
  return code > 0xffff ? `[char]::ConvertFromUtf32(${code})` : `[char]${code}`;
}

/** A line that is not executed; what is not ASCII is not told there. */
export function remark(text: string): string {
  return `# ${text.replace(/[^\x20-\x7e]/gu, '?')}`;
}
