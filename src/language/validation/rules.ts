/**
 * Every rule the language checks, by its stable code. `docs/diagnostics.md` is written from this table.
 *
 * HV0xx text, HV1xx names, HV2xx dimensions and ranges, HV3xx devices, HV4xx admission, HV5xx published limits,
 * HV6xx work and scenarios.
 */
import { ADMISSION_RULES } from './rules/admission.js';
import { DEVICE_RULES } from './rules/devices.js';
import { LIMIT_RULES } from './rules/limits.js';
import { NAME_RULES } from './rules/names.js';
import { QUANTITY_RULES } from './rules/quantities.js';
import type { Rule } from './rules/rule.js';
import { TEXT_RULES } from './rules/text.js';
import { WORK_RULES } from './rules/work.js';

export const RULES = {
  ...TEXT_RULES,
  ...NAME_RULES,
  ...QUANTITY_RULES,
  ...DEVICE_RULES,
  ...ADMISSION_RULES,
  ...LIMIT_RULES,
  ...WORK_RULES,
} as const satisfies Record<string, Rule>;

export type RuleCode = keyof typeof RULES;

/** The rule of a code that comes from elsewhere, such as admission. */
export function ruleOf(code: RuleCode): Rule {
  return RULES[code];
}
