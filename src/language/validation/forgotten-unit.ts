import { type AstNode, AstUtils } from 'langium';
import { isUnit } from '../../model/units.js';
import {
  type HvhostFile,
  isLoadAction,
  isScenarioDeclaration,
  isStep,
  type Quantity,
  type Step,
} from '../generated/ast.js';

/**
 * `at 30 web requests 600 / s` lacks a unit. The parser takes `web` for the unit and `requests` for the child, and then
 * finds a number where it wants `requests`. These steps get one error instead of three.
 */
function isUnitForgotten({ time, action }: Step): boolean {
  return (
    time?.unit !== undefined && !isUnit(time.unit) && isLoadAction(action) && action.child?.$refText === 'requests'
  );
}

export function isUnitForgottenBefore(quantity: Quantity): boolean {
  return isStep(quantity.$container) && quantity.$containerProperty === 'time' && isUnitForgotten(quantity.$container);
}

/** The lines of such steps, counted from 0. */
export function linesWithForgottenUnit(file: HvhostFile): Set<number> {
  const steps = file.declarations.filter(isScenarioDeclaration).flatMap((scenario) => scenario.steps);
  return new Set(steps.filter(isUnitForgotten).map((step) => step.$cstNode?.range.end.line ?? -1));
}

export function isPartOfForgottenUnit(node: AstNode): boolean {
  const step = AstUtils.getContainerOfType(node, isStep);
  return step !== undefined && isUnitForgotten(step);
}
