import type { MachineMessage } from '../protocol/machine.js';
import type { VideoVsp } from '../runtime/parent/vsp/video/video-vsp.js';

/** 20 pictures a second at most: enough for a text console, little for the processor. */
const PERIOD_MS = 50;

/** Sends what changes on a guest's screen, while somebody looks at it. */
export class ServedScreen {
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly video: VideoVsp | null,
    private readonly port: { send(message: MachineMessage, transfer?: ArrayBuffer[]): void },
  ) {}

  watch(on: boolean): void {
    clearInterval(this.timer);
    if (!on || this.video === null) return;
    this.send(true);
    this.timer = setInterval(() => this.send(false), PERIOD_MS);
  }

  private send(everything: boolean): void {
    const frame = this.video?.frame(everything) ?? null;
    if (frame !== null) this.port.send({ type: 'screen', frame }, [frame.pixels.buffer]);
  }
}
