import { EmptyFileSystemProvider } from 'langium';
import { openProject } from './project.js';

/** A definition that is no file yet, laid out the standard way. Null when it does not parse. */
export function formatText(text: string): Promise<string | null> {
  return openProject(new OneText(text)).format('memory:/definition.hvhost');
}

class OneText extends EmptyFileSystemProvider {
  constructor(private readonly text: string) {
    super();
  }

  override async readFile(): Promise<string> {
    return this.text;
  }
}
