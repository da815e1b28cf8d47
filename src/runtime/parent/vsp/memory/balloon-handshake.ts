import { BALLOON_VERSIONS } from '../../../vmbus/balloon-messages.js';
import { capabilitiesResponse, type FromGuest, versionResponse } from './balloon-protocol.js';

export const BALLOON_PHASES = ['closed', 'opened', 'versioned', 'ready'] as const;

/** How a guest and the host come to speak of memory: a version, then what the guest can. */
export class BalloonHandshake {
  phase: (typeof BALLOON_PHASES)[number] = 'closed';
  canBalloon = false;

  opened(): void {
    this.phase = 'opened';
    this.canBalloon = false;
  }

  closed(): void {
    this.phase = 'closed';
  }

  get ready(): boolean {
    return this.phase === 'ready';
  }

  /** The host's answer; null: the message is none of the handshake, or comes at the wrong time. */
  answer(message: FromGuest): ((transaction: number) => Uint8Array) | null {
    if (message.type === 'version') {
      const accepted = BALLOON_VERSIONS.includes(message.version);
      if (accepted && this.phase === 'opened') this.phase = 'versioned';
      return (transaction) => versionResponse(accepted, transaction);
    }
    if (message.type !== 'capabilities' || this.phase !== 'versioned') return null;
    this.phase = 'ready';
    this.canBalloon = message.balloon;
    return capabilitiesResponse;
  }
}
