import { commands, Range, Uri, window } from 'vscode';
import type { ModelProblem } from '../language/requests.js';

/** Says why a host does not run, with the way to the first problem. */
export async function showProblems(host: string, problems: ModelProblem[]): Promise<void> {
  const [first] = problems;
  if (!first) return;
  const open = 'Go to Problem';
  const list = 'Show Problems';
  const choice = await window.showErrorMessage(problemSummary(host, problems), open, list);
  if (choice === list) await commands.executeCommand('workbench.actions.view.problems');
  if (choice !== open) return;
  const { start, end } = first.range;
  await window.showTextDocument(Uri.parse(first.uri), {
    selection: new Range(start.line, start.character, end.line, end.character),
  });
}

export function problemSummary(host: string, problems: ModelProblem[]): string {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `${host} does not run: ${first?.code ? `${first.code}, ` : ''}${first?.message ?? 'the file has errors'}${more}`;
}
