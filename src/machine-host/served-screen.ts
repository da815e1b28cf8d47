import type { MachineMessage } from '../protocol/machine.js';
import type { Screen } from './machine.js';

/** 20 pictures a second at most: enough for a text console, little for the processor. */
const PERIOD_MS = 50;

/** Sends what changes on a guest's screen, while somebody looks at it. */
export class ServedScreen {
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly screen: Screen,
    private readonly port: { send(message: MachineMessage, transfer?: ArrayBuffer[]): void },
  ) {}

  watch(on: boolean): void {
    clearInterval(this.timer);
    if (!on) return;
    this.send(true);
    this.timer = setInterval(() => this.send(false), PERIOD_MS);
  }

  private send(everything: boolean): void {
    const frame = this.screen.frame(everything);
    if (frame !== null) this.port.send({ type: 'screen', frame }, 'pixels' in frame ? [frame.pixels.buffer] : []);
  }
}
