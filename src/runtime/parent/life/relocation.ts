import type { OpenRequest } from '../../child/requests.js';
import type { ChildMachine } from '../child-machine.js';

/** A migration, as the two machines of it see it. */
export interface Transit {
  /** Pages that the destination maps. */
  readonly pages: number;
  /** The partition at the destination is there, and its devices. */
  ready(): void;
  /** The destination does not start the machine. */
  refused(why: string): void;
  /** The guest is at work at the destination. */
  served(): void;
  /** One of the two machines is taken down, or something else is done with it. */
  broken(why: string): void;
}

/** The part of a machine in the moves of its child between hosts: at most one is under way. */
export class Relocation {
  /** The migration that the machine takes part in. */
  transit: Transit | null = null;
  /** What another host has handed over to a guest that is not served yet. */
  private handedOver: readonly OpenRequest[] | null = null;

  constructor(private readonly machine: ChildMachine) {}

  /** Pages of a guest that comes from another host; 0 where none comes. */
  get arrivingPages(): number {
    return this.transit !== null && !this.machine.isResident ? this.transit.pages : 0;
  }

  /** Whether its guest comes from another host and is not served yet. */
  get hasHandedOver(): boolean {
    return this.handedOver !== null;
  }

  /** Requests that its guest is to take over. */
  get arrivingRequests(): number {
    return this.handedOver?.length ?? 0;
  }

  /** Whatever else is done with the machine ends the migration. */
  break(why: string): void {
    const { transit } = this;
    this.transit = null;
    transit?.broken(why);
  }

  /** From now on the child lives at `destination`, where its guest goes on when that is told to; nothing is left here. */
  moveTo(destination: ChildMachine, why: string): void {
    const { machine } = this;
    const requests = machine.guest!.openRequests();
    if (machine.dynamic) destination.dynamic?.takeOver(machine.dynamic);
    machine.residence.machine = destination;
    machine.vacate(why);
    destination.relocation.handedOver = requests;
    destination.plugIn();
  }

  /** The guest is about to be served: it gets what was handed over to it. false: it has not come from another host. */
  unpack(): boolean {
    const { handedOver, machine } = this;
    this.handedOver = null;
    if (handedOver === null) return false;
    machine.guest!.requests.takeOver(handedOver);
    return true;
  }

  /** The guest that has come is at work. */
  finish(): void {
    const { transit } = this;
    this.transit = null;
    transit?.served();
  }

  /** The guest is gone before it was served. */
  forget(): void {
    this.handedOver = null;
  }
}
