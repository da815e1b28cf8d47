import type { ModelledFrame } from '../../hardware/modelled-frame.js';
import type { FrameTaker } from './virtual-adapter.js';

/**
 * Those who take an adapter's frames to its guest, one for each channel. Real switches choose by a hash over the connection;
 * here they take turns, those that are at work left out, which spreads like many connections.
 */
export class ReceiverSet implements FrameTaker {
  private readonly receivers: FrameTaker[] = [];
  private turn = 0;

  add(receiver: FrameTaker): void {
    this.receivers.push(receiver);
  }

  framesWait(): void {
    const { receivers } = this;
    for (let tried = 0; tried < receivers.length; tried++) {
      const receiver = receivers[this.turn % receivers.length]!;
      this.turn++;
      if (receiver.isBusy === true) continue;
      receiver.framesWait();
      return;
    }
  }

  giveBack(): readonly ModelledFrame[] {
    return this.receivers.flatMap((receiver) => [...receiver.giveBack()]);
  }

  /** Nobody is there any more; the frames that were taken and not handed over. */
  clear(): readonly ModelledFrame[] {
    const frames = this.giveBack();
    this.receivers.length = 0;
    this.turn = 0;
    return frames;
  }
}
