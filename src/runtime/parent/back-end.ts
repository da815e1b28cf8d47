import type { ModelledGuest } from '../child/modelled-guest.js';

/** A piece of work for a device of a child: computes for a while, then has its effect. */
export interface BackEndWork {
  /** For the timeline: what it is, and for whom. */
  readonly title: string;
  /** Starts; returns the ns it computes, 0 when there turns out to be nothing to do. */
  begin(what: number): number;
  end(what: number): void;
}

/** Where the back ends of devices run. */
export interface BackEnd {
  /** The VP that serves the next device: they take turns. */
  assignVp(): number;
  /** Queues work on a VP and interrupts it. */
  post(vp: number, work: BackEndWork, what: number): void;
  /** Part of the work on a VP is done by the hypervisor. */
  inHypervisor(vp: number, ns: number): number;
}

/** Back ends inside the hypervisor: they run on the VPs of the child they serve, and all of it is the hypervisor's. */
export class HypervisorBackEnd implements BackEnd {
  private turn = 0;

  constructor(
    private readonly guest: ModelledGuest,
    private readonly vpCount: number,
  ) {}

  assignVp(): number {
    return this.turn++ % this.vpCount;
  }

  post(vp: number, work: BackEndWork, what: number): void {
    this.guest.runHypervisor(vp, work, what);
  }

  inHypervisor(_vp: number, ns: number): number {
    return ns;
  }
}
