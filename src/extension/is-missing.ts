import { FileSystemError } from 'vscode';

/** Whether an error of VS Code's file system says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof FileSystemError && error.code === 'FileNotFound';
}
