import { commands, type Disposable, window } from 'vscode';

/** Registers a command; what fails in it the user is told, and it resolves to null. */
export function registerCommand(name: string, run: (...args: unknown[]) => Promise<unknown>): Disposable {
  return commands.registerCommand(name, async (...args: unknown[]) => {
    try {
      return await run(...args);
    } catch (error) {
      void window.showErrorMessage(error instanceof Error ? error.message : String(error));
      return null;
    }
  });
}
