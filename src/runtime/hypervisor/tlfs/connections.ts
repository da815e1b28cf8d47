import { CallCode, mayCall } from './privileges.js';
import { HvStatus } from './status.js';
import { SINT_COUNT, type Synic } from './synic.js';

/** The SynIC of a VP, as a port delivers to it. */
export type PortTarget = Pick<Synic, 'post' | 'signal' | 'hasRoom'>;

/**
 * A connection to a message port of another partition (TLFS 6.0b, "Ports and Connections"). What does not change while it
 * lives is checked when it is made: whether its owner may make the call, and whether the VP behind the port is there.
 */
export class MessageConnection {
  /** null: its port is deleted. */
  private target: PortTarget | null;

  constructor(
    target: PortTarget,
    private readonly sint: number,
  ) {
    this.target = target;
  }

  /** Has the port room for another message? */
  hasRoom(): boolean {
    return this.target?.hasRoom(this.sint) ?? false;
  }

  /** HvCallPostMessage. */
  post(type: number, payload: Uint8Array): HvStatus {
    return this.target?.post(this.sint, { type, sender: 0n, payload }) ?? HvStatus.InvalidPortId;
  }

  /** HvCallDeletePort: the connection leads nowhere from now on. */
  deletePort(): void {
    this.target = null;
  }
}

/** As {@link MessageConnection}, to an event port with one flag. */
export class EventConnection {
  private target: PortTarget | null;

  constructor(
    target: PortTarget,
    private readonly sint: number,
    private readonly flag: number,
  ) {
    this.target = target;
  }

  /** HvCallSignalEvent. */
  signal(): HvStatus {
    return this.target?.signal(this.sint, this.flag) ?? HvStatus.InvalidPortId;
  }

  /** HvCallDeletePort: the connection leads nowhere from now on. */
  deletePort(): void {
    this.target = null;
  }
}

/**
 * HvCallCreatePort for messages to a VP of another partition and HvCallConnectPort to it, by a partition with these
 * privileges; or why there is none. `synics`: those of the other partition's VPs.
 */
export function connectMessages(
  privileges: bigint,
  synics: readonly PortTarget[],
  vp: number,
  sint: number,
): MessageConnection | HvStatus {
  const target = portTarget(privileges, CallCode.PostMessage, synics, vp, sint);
  return typeof target === 'number' ? target : new MessageConnection(target, sint);
}

/** As {@link connectMessages}, for one event flag. */
export function connectEvents(
  privileges: bigint,
  synics: readonly PortTarget[],
  vp: number,
  sint: number,
  flag: number,
): EventConnection | HvStatus {
  const target = portTarget(privileges, CallCode.SignalEvent, synics, vp, sint);
  return typeof target === 'number' ? target : new EventConnection(target, sint, flag);
}

function portTarget(
  privileges: bigint,
  sends: number,
  synics: readonly PortTarget[],
  vp: number,
  sint: number,
): PortTarget | HvStatus {
  const calls = [CallCode.CreatePort, CallCode.ConnectPort, sends];
  if (!calls.every((call) => mayCall(call, privileges))) return HvStatus.AccessDenied;
  if (sint < 0 || sint >= SINT_COUNT) return HvStatus.InvalidParameter;
  return synics[vp] ?? HvStatus.InvalidVpIndex;
}
