/** How well a published number is known. Anything but `documented` and `secondary` is shown to the user as such. */
export type Standing =
  /** Read in the primary source. */
  | 'documented'
  /** Read in a secondary source (a book, an article). */
  | 'secondary'
  /** Known from the literature; the text of the source could not be opened. */
  | 'recalled'
  /** A choice of ours, because nothing was published. */
  | 'assumed';

export interface Source {
  standing: Standing;
  /** Where it says so: document and section, or an address. */
  text: string;
}

/** What the user has to know of a number. */
export type Doubt = Extract<Standing, 'recalled' | 'assumed'>;

export function doubtOf(standing: Standing): Doubt | null {
  return standing === 'recalled' || standing === 'assumed' ? standing : null;
}

export function isUncertain(source: Source): boolean {
  return doubtOf(source.standing) !== null;
}
