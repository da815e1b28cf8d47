/** Prompts that no guest has by itself; the echo of the line that sets them has quotes in between. */
const READY = 'hvhost-ready> ';
const MORE = 'hvhost-more> ';
const SET_PROMPTS = "PS1='hvhost-''ready> ' PS2='hvhost-''more> '\n";
const ASK_STATUS = 'echo "hvhost-""status=$?."\n';
const STATUS = /hvhost-status=(\d+)\./;
/** A shell's own prompt at the end of what it printed. */
const ANY_PROMPT = /[#$] $/;
/**
 * What may stand behind a prompt: a shell asks the terminal where the cursor is, and the kernel prints its messages
 * whenever it has some.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence
const BEHIND_PROMPT = /(\u001b\[6n)?(\[ *\d+\.\d+\] [^\n]*\n)*$/;

const KEPT_CHARACTERS = 4096;

/** Types lines into a guest's shell, each when the one before is done, and learns the status of the last. */
export class ScriptRunner {
  private state: 'wait for shell' | 'run' | 'wait for status' | 'done' = 'wait for shell';
  private seen = '';
  private next = 0;

  constructor(
    private readonly lines: readonly string[],
    private readonly type: (text: string) => void,
    private readonly finished: (status: number) => void,
  ) {}

  /** The guest went on where a shell had shown its prompt already. */
  shellIsThere(): void {
    this.feed('# ');
  }

  /** What the guest printed. */
  feed(text: string): void {
    this.seen = (this.seen + text).slice(-KEPT_CHARACTERS);
    if (this.state === 'wait for shell' && ANY_PROMPT.test(this.end())) {
      this.state = 'run';
      this.say(SET_PROMPTS);
    } else if (this.state === 'run' && this.promptIsBack()) {
      this.typeNext();
    } else if (this.state === 'wait for status') {
      const status = STATUS.exec(this.seen)?.[1];
      if (status === undefined) return;
      this.state = 'done';
      this.finished(Number(status));
    }
  }

  private typeNext(): void {
    const line = this.lines[this.next++];
    if (line !== undefined) {
      this.say(`${line}\n`);
      return;
    }
    this.state = 'wait for status';
    this.say(ASK_STATUS);
  }

  private promptIsBack(): boolean {
    const end = this.end();
    return end.endsWith(READY) || end.endsWith(MORE);
  }

  private end(): string {
    return this.seen.slice(0, BEHIND_PROMPT.exec(this.seen)?.index);
  }

  private say(text: string): void {
    this.seen = '';
    this.type(text);
  }
}

/** The lines of a script; empty lines and comments do nothing and are left out. */
export function scriptLines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
}
