import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import type { PlainState, StateReader } from '../../../child/snapshot/plain-state.js';
import type { ChannelService, SavableDevice } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import type { NetworkPort } from '../../ethernet/ethernet-frame.js';
import { formatMac, type MacAddress } from '../../switch/mac-address.js';
import { NetworkChannel } from './network-channel.js';

/** What went through an adapter, counted since the start; sent and received as the guest sees it. */
export interface NetworkCounters {
  sentFrames: number;
  sentBytes: number;
  receivedFrames: number;
  receivedBytes: number;
  /** From the guest, and not what it said it was. */
  malformed: number;
  /** For the guest, which did not want it or could not take it. */
  discarded: number;
}

/** A network adapter of the parent (network VSP): the guest's netvsc on the other end, a port of a switch behind it. */
export class NetworkVsp implements SavableDevice {
  readonly title: string;
  readonly interfaceId = VMBUS_CLASSES.network;
  readonly messagePipe = false;
  readonly counters: NetworkCounters = {
    sentFrames: 0,
    sentBytes: 0,
    receivedFrames: 0,
    receivedBytes: 0,
    malformed: 0,
    discarded: 0,
  };
  private channel: NetworkChannel | null = null;
  private cable: NetworkPort | null = null;

  constructor(
    readonly instanceId: string,
    readonly mac: MacAddress,
  ) {
    this.title = `network adapter ${formatMac(mac)}`;
  }

  /** Where it is plugged in; null: its link is down. */
  get port(): NetworkPort | null {
    return this.cable;
  }

  /** Plugs it into a port, or pulls the cable with null; a running guest is told. */
  plug(port: NetworkPort | null): void {
    this.cable = port;
    this.channel?.linkChanged();
  }

  /** The port has frames, or room for them again. */
  wake(): void {
    this.channel?.signalled();
  }

  open(channel: HostChannel): ChannelService {
    return this.serve(new NetworkChannel(channel, this));
  }

  save(): PlainState {
    return { version: 1, counters: { ...this.counters }, channel: this.channel?.save() ?? null };
  }

  /** Who plugs it in afterwards tells the guest by that where its link has changed. Throws SnapshotError. */
  restore(state: StateReader, channel: HostChannel | null): ChannelService | null {
    state.version(1);
    for (const name of Object.keys(this.counters) as (keyof NetworkCounters)[]) {
      this.counters[name] = state.at('counters').at(name).integer(0, Number.MAX_SAFE_INTEGER);
    }
    if (channel === null) return null;
    const service = new NetworkChannel(channel, this);
    service.restore(state.at('channel'));
    return this.serve(service);
  }

  private serve(service: NetworkChannel): ChannelService {
    this.channel = service;
    return {
      signalled: () => service.signalled(),
      uses: (gpadl) => service.uses(gpadl),
      closed: () => {
        if (this.channel === service) this.channel = null;
      },
    };
  }
}
