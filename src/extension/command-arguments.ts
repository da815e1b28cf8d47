import { Uri, window } from 'vscode';

// A lens calls a command with a file and names. A menu calls it with the file above or on which it stands and with what VS Code
// adds by itself (the group of the editor, all the selected files), which is no name.

/** The file that a command is about, or that of the active editor; null, which the user is told, where that is no definition. */
export function definitionUri(file: unknown): Uri | null {
  if (file instanceof Uri) return file;
  if (typeof file === 'string') return Uri.parse(file);
  const document = window.activeTextEditor?.document;
  if (document?.languageId === 'hvhost') return document.uri;
  void window.showWarningMessage('Open a .hvhost file first.');
  return null;
}

/** The name that a command was called with, if it was. */
export function nameOf(argument: unknown): string | undefined {
  return typeof argument === 'string' ? argument : undefined;
}
