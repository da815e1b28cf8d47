import type { GuestChannel } from '../child/vmbus/guest-channel.js';
import type { HostChannel } from './host/host-channel.js';

/** What a channel serves. */
export const CHANNEL_DEVICES = ['storage', 'network', 'memory'] as const;
export type ChannelDevice = (typeof CHANNEL_DEVICES)[number];

/** What went over the channels of one kind of a child since the host was started; it outlives the channels. */
export interface Traffic {
  packets: number;
  signals: number;
  bytes: number;
  /** Fullest a ring ever was, in percent, as far as it has been asked for. */
  highestPercent: number;
}

export function noTraffic(): Traffic {
  return { packets: 0, signals: 0, bytes: 0, highestPercent: 0 };
}

/** An open channel of a modelled child, seen from both ends. */
export interface ChannelEnds {
  device: ChannelDevice;
  guest: GuestChannel;
  host: HostChannel;
}

/** Fullest the rings of these channels were since the last call, in percent. */
export function takePeakPercent(channels: readonly ChannelEnds[], traffic: Traffic): number {
  let percent = 0;
  for (const { guest, host } of channels) {
    const { outgoing } = guest;
    const peak = Math.max(outgoing.peakBytes, host.toGuest.peakBytes);
    outgoing.peakBytes = 0;
    host.toGuest.peakBytes = 0;
    percent = Math.max(percent, (100 * peak) / outgoing.dataBytes);
  }
  traffic.highestPercent = Math.max(traffic.highestPercent, percent);
  return percent;
}
