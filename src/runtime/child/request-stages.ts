import type { Workload } from '../../model/host-model.js';
import type { GuestDevice } from './guest-device.js';
import type { Requests } from './requests.js';

/** What a request does, in this order. `Page`: it reads what it needs and the guest has paged out. */
export const Stage = { Compute: 0, Page: 1, Read: 2, Write: 3, Send: 4, Done: 5 } as const;

/** Which driver a request on a VP of the guest uses for what; null where the child has no such device. */
export interface GuestDevices {
  read: (local: number) => GuestDevice | null;
  write: (local: number) => GuestDevice | null;
  send: (local: number) => GuestDevice | null;
}

/** The way of requests through their stages: those without bytes or without a device are skipped. */
export class RequestStages {
  constructor(
    private readonly requests: Requests,
    private readonly workload: Workload | null,
    private readonly drivers: GuestDevices,
  ) {}

  /** The device a request on that VP uses after the burst it is in, or null when it is done then. */
  deviceFor(request: number, local: number): GuestDevice | null {
    const stage = this.requests.stage[request]!;
    return this.deviceOf(stage === Stage.Compute ? this.following(request, Stage.Compute) : stage, local);
  }

  advance(request: number): void {
    const stage = this.following(request, this.requests.stage[request]!);
    this.requests.stage[request] = stage;
    this.requests.leftBytes[request] = this.bytesOf(request, stage);
  }

  /** The command that follows the burst of this request reads from the paging file. */
  pagesNext(request: number): boolean {
    const stage = this.requests.stage[request]!;
    return (stage === Stage.Compute ? this.following(request, stage) : stage) === Stage.Page;
  }

  private deviceOf(stage: number, local: number): GuestDevice | null {
    if (stage === Stage.Page || stage === Stage.Read) return this.drivers.read(local);
    if (stage === Stage.Write) return this.drivers.write(local);
    return stage === Stage.Send ? this.drivers.send(local) : null;
  }

  private bytesOf(request: number, stage: number): number {
    if (stage === Stage.Page) return this.requests.pagedBytes[request]!;
    const workload = this.workload!;
    if (stage === Stage.Read) return workload.readBytes;
    if (stage === Stage.Write) return workload.writeBytes;
    return stage === Stage.Send ? workload.sendBytes : 0;
  }

  private following(request: number, stage: number): number {
    let next = stage + 1;
    while (next < Stage.Done && (this.bytesOf(request, next) === 0 || this.deviceOf(next, 0) === null)) next++;
    return next;
  }
}
