import type { VirtualDisk } from '../../model/host-model.js';
import type { ServiceClient } from '../child/service-client.js';
import type { ChannelService, VmbusDevice } from '../vmbus/host/device.js';
import type { HostChannel } from '../vmbus/host/host-channel.js';
import type { ChannelEnds } from '../vmbus/traffic.js';
import type { ChannelPlan } from './channel-plan.js';
import type { ServiceProvider } from './service-provider.js';

/** One channel of a device with who is at its ends, as far as it is open. */
export interface DeviceChannel {
  client: ServiceClient;
  provider: ServiceProvider | null;
  host: HostChannel | null;
}

/** A device that the parent offers to a modelled child, with the guest's drivers for its channels and what is between them. */
export class SyntheticDevice implements VmbusDevice {
  readonly messagePipe = false;
  /** That of the device itself, then further ones. */
  readonly channels: readonly DeviceChannel[];

  constructor(
    readonly kind: 'storage' | 'network',
    readonly interfaceId: string,
    readonly instanceId: string,
    /** Those of a controller. */
    readonly disks: readonly VirtualDisk[],
    /** The guest's driver of each channel of the plan. */
    clients: readonly ServiceClient[],
    private readonly plan: ChannelPlan,
    /** 0: the guest signals by hypercalls. */
    readonly monitorLatencyNs: number,
    private readonly serve: (channel: HostChannel, index: number) => ServiceProvider,
  ) {
    this.channels = clients.map((client) => ({ client, provider: null, host: null }));
  }

  get title(): string {
    return this.kind;
  }

  /** The driver of the device's own channel. */
  get client(): ServiceClient {
    return this.channels[0]!.client;
  }

  /** The drivers of its further channels. */
  get subChannels(): readonly ServiceClient[] {
    return this.channels.slice(1).map(({ client }) => client);
  }

  /** The driver over which a VP speaks: that of its own channel where that is open. Null: the device is not ready. */
  clientFor(local: number): ServiceClient | null {
    const { client } = this.channels[this.plan.channelOf[local]!]!;
    if (client.ready) return client;
    return this.client.ready ? this.client : null;
  }

  open(channel: HostChannel, subChannel: number): ChannelService {
    const provider = this.serve(channel, subChannel);
    const opened = this.channels[subChannel];
    if (opened) Object.assign(opened, { provider, host: channel });
    return provider;
  }

  /** Both ends of each channel that is open at both. */
  get ends(): ChannelEnds[] {
    return this.channels.flatMap(({ client: { channel }, host }) =>
      channel && host ? [{ device: this.kind, guest: channel, host }] : [],
    );
  }
}
