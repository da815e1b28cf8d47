import { RULES } from '../../language/validation/rules.js';
import type { Problem } from './problem.js';

const LEVELS = { error: 'error', warning: 'warning', info: 'note', hint: 'note' } as const;

/** SARIF 2.1.0, the form in which code hosts take results of static analysis. */
export function sarifReport(problems: Problem[], version: string): string {
  const used = Object.entries(RULES).filter(([code]) => problems.some((problem) => problem.code === code));
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'hvhost',
              version,
              rules: used.map(([code, rule]) => ({
                id: code,
                shortDescription: { text: rule.title },
                fullDescription: { text: rule.why },
                help: { text: rule.remedy },
              })),
            },
          },
          results: problems.map((problem) => ({
            ...(problem.code === '' ? {} : { ruleId: problem.code }),
            level: LEVELS[problem.severity],
            message: { text: problem.message },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: encodeURI(problem.path.replaceAll('\\', '/')) },
                  region: {
                    startLine: problem.line,
                    startColumn: problem.column,
                    endLine: problem.endLine,
                    endColumn: problem.endColumn,
                  },
                },
              },
            ],
          })),
        },
      ],
    },
    null,
    2,
  );
}
