import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';

/** One diagnostic as every output format needs it; lines and columns count from 1. */
export interface Problem {
  path: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  severity: 'error' | 'warning' | 'info' | 'hint';
  /** "HV401"; empty for what no rule stands behind. */
  code: string;
  message: string;
}

export function toProblem(path: string, diagnostic: Diagnostic): Problem {
  const { start, end } = diagnostic.range;
  return {
    path,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    severity: severityOf(diagnostic),
    code: diagnostic.code === undefined ? '' : String(diagnostic.code),
    message: typeof diagnostic.message === 'string' ? diagnostic.message : diagnostic.message.value,
  };
}

export function count(problems: Problem[], severity: Problem['severity']): number {
  return problems.filter((problem) => problem.severity === severity).length;
}

function severityOf(diagnostic: Diagnostic): Problem['severity'] {
  switch (diagnostic.severity) {
    case DiagnosticSeverity.Warning:
      return 'warning';
    case DiagnosticSeverity.Information:
      return 'info';
    case DiagnosticSeverity.Hint:
      return 'hint';
    default:
      return 'error';
  }
}
