import type { HostModel } from '../../model/host-model.js';
import { UsageError } from '../exit.js';
import type { Point } from './sweep.js';
import type { Variation } from './variation.js';

/** Beyond this a sweep is a typing error more likely than a plan. */
const MOST_POINTS = 10_000;

/** Every combination of the values, the last variation changing fastest. Throws UsageError. */
export function crossProduct(model: HostModel, variations: readonly Variation[]): Point[] {
  const labels = variations.map(({ label }) => label);
  const repeated = labels.find((label, index) => labels.indexOf(label) !== index);
  if (repeated !== undefined)
    throw new UsageError(`--vary: '${repeated}' is varied twice; list its values in one --vary`);
  const count = variations.reduce((product, { values }) => product * values.length, 1);
  if (count > MOST_POINTS)
    throw new UsageError(`--vary: these are ${count} combinations; at most ${MOST_POINTS} are run`);

  let points: Point[] = [{ settings: {}, model }];
  for (const { label, values } of variations) {
    points = points.flatMap((point) =>
      values.map(({ text, apply }) => ({ settings: { ...point.settings, [label]: text }, model: apply(point.model) })),
    );
  }
  for (const point of points) refuseContradiction(point);
  return points;
}

/** Each value was in range; together they may still make no child. */
function refuseContradiction({ settings, model }: Point): void {
  for (const { name, processors } of model.children) {
    if (processors.reservePercent <= processors.limitPercent) continue;
    const where = Object.entries(settings).map((setting) => setting.join(' '));
    const what = `child ${name} would reserve ${processors.reservePercent} % with a limit of ${processors.limitPercent} %`;
    throw new UsageError(`--vary: with ${where.join(' and ')}, ${what}`);
  }
}
