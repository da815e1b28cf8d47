import type { Workload } from '../../model/host-model.js';
import type { GuestDevice } from './guest-device.js';
import type { Requests } from './requests.js';

/** What a request does, in this order. */
export const Stage = { Compute: 0, Read: 1, Write: 2, Send: 3, Done: 4 } as const;

/** Which driver a request uses for what; null where the child has no such device. */
export interface GuestDevices {
  read: () => GuestDevice | null;
  write: () => GuestDevice | null;
  send: () => GuestDevice | null;
}

/** The way of requests through their stages: those without bytes or without a device are skipped. */
export class RequestStages {
  constructor(
    private readonly requests: Requests,
    private readonly workload: Workload | null,
    private readonly drivers: GuestDevices,
  ) {}

  /** The device a request uses after the burst it is in, or null when it is done then. */
  deviceFor(request: number): GuestDevice | null {
    const stage = this.requests.stage[request]!;
    return this.deviceOf(stage === Stage.Compute ? this.following(Stage.Compute) : stage);
  }

  advance(request: number): void {
    const stage = this.following(this.requests.stage[request]!);
    this.requests.stage[request] = stage;
    this.requests.leftBytes[request] = this.bytesOf(stage);
  }

  private deviceOf(stage: number): GuestDevice | null {
    if (stage === Stage.Read) return this.drivers.read();
    if (stage === Stage.Write) return this.drivers.write();
    return stage === Stage.Send ? this.drivers.send() : null;
  }

  private bytesOf(stage: number): number {
    const workload = this.workload!;
    if (stage === Stage.Read) return workload.readBytes;
    if (stage === Stage.Write) return workload.writeBytes;
    return stage === Stage.Send ? workload.sendBytes : 0;
  }

  private following(stage: number): number {
    let next = stage + 1;
    while (next < Stage.Done && (this.bytesOf(next) === 0 || this.deviceOf(next) === null)) next++;
    return next;
  }
}
