import type { Standing } from '../../src/model/catalog/source.js';

/** One published figure and what the engine gives for it. */
export interface PublishedFigure {
  /** What is measured, as a person would ask for it. */
  title: string;
  unit: string;
  /** What was published, from the lowest to the highest value that agrees with it; both the same for one number. */
  lowest: number;
  highest: number;
  source: string;
  standing: Standing;
  /**
   * `defined`: the documents say that it is so; `calibrated`: a cost row was set to it; `predicted`: nothing was set to it.
   */
  role: 'defined' | 'calibrated' | 'predicted';
  measure(): number;
  /** Why it is not met; only where that is known. */
  remark?: string;
}

/** Figures that agree to a hundredth are the same: that is what a table of rounded numbers can say. */
const ROUNDING = 0.01;

export function isMet({ lowest, highest, seen }: PublishedFigure & { seen: number }): boolean {
  return seen >= lowest * (1 - ROUNDING) && seen <= highest * (1 + ROUNDING);
}
