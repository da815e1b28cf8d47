/** One rule of the language. */
export interface Rule {
  severity: 'error' | 'warning' | 'info' | 'hint';
  title: string;
  /** Why it matters. */
  why: string;
  /** What to do about it. */
  remedy: string;
  /** Where it is published; the number itself and its source stand in the message when they come from the catalog. */
  source?: string;
}
