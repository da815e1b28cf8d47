/** What is kept for somebody who is slower than the guest. */
const KEPT_BYTES = 64 * 1024;

/** Takes what a guest printed. Where it gives a promise, nothing more comes before that resolves. */
export type ConsoleSink = (bytes: Uint8Array) => void | Promise<void>;

/**
 * What a guest prints, on its way to whom it is for. A guest prints byte after byte; what comes in one turn of the processor
 * goes together. One that prints faster than anybody takes it loses the oldest of it, and a line says how much.
 */
export class ConsoleOutput {
  private waiting: number[] = [];
  private leftOut = 0;
  private handingOver = false;
  private isFlushing = false;

  constructor(private readonly sink: ConsoleSink) {}

  print(byte: number): void {
    this.waiting.push(byte);
    if (this.waiting.length >= 2 * KEPT_BYTES) this.leaveOut(this.waiting.length - KEPT_BYTES);
    if (this.isFlushing || this.handingOver) return;
    this.isFlushing = true;
    queueMicrotask(() => this.flush());
  }

  /** Nothing more is printed: hands over what waits, whether the rest was taken or not. */
  end(): void {
    this.handingOver = false;
    this.flush();
  }

  private flush(): void {
    this.isFlushing = false;
    if (this.handingOver || this.waiting.length === 0) return;
    const taken = this.sink(this.take());
    if (!(taken instanceof Promise)) return;
    this.handingOver = true;
    const goOn = () => {
      this.handingOver = false;
      this.flush();
    };
    taken.then(goOn, goOn);
  }

  private take(): Uint8Array {
    this.leaveOut(this.waiting.length - KEPT_BYTES);
    const printed = this.waiting.splice(0);
    if (this.leftOut === 0) return Uint8Array.from(printed);
    const line = `\r\n[hvhost: ${this.leftOut} bytes that the guest printed are left out here]\r\n`;
    this.leftOut = 0;
    return Uint8Array.from([...Array.from(line, (letter) => letter.charCodeAt(0)), ...printed]);
  }

  private leaveOut(bytes: number): void {
    if (bytes <= 0) return;
    this.waiting = this.waiting.slice(bytes);
    this.leftOut += bytes;
  }
}
