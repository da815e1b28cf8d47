export const EXIT = {
  fine: 0,
  /** The definition has errors, a file is not formatted, or an expectation is not met. */
  failed: 1,
  /** Wrong usage, or input that cannot be read. */
  usage: 2,
  /** What should never happen; the number is EX_SOFTWARE of BSD's sysexits. */
  defect: 70,
  /** Stopped by Ctrl-C: 128 and the number of SIGINT. */
  interrupted: 130,
} as const;

/** What the user asked for cannot be done as asked; the message says why. Ends the program with EXIT.usage. */
export class UsageError extends Error {}
