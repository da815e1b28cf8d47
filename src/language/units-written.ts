import { toQuantity } from '../model/units.js';
import type { Quantity } from './generated/ast.js';

/** Whether a reserve or limit is given as ESXi gives it: in MHz for the whole machine. */
export function isInHz(quantity: Quantity | undefined): boolean {
  if (quantity?.unit === undefined) return false;
  const read = toQuantity(1, quantity.unit, null);
  return !('fault' in read) && read.dimension === 'frequency';
}
