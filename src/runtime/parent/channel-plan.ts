import { findRelease } from '../../model/catalog/releases.js';
import { guestVmbusVersion } from '../../model/catalog/vmbus-versions.js';
import type { Child, HostModel } from '../../model/host-model.js';
import type { HostParts } from '../host-parts.js';
import {
  NETWORK_SUB_CHANNELS_SINCE,
  STORAGE_SUB_CHANNELS_SINCE,
  type VmbusVersion,
  versionsUpTo,
} from '../vmbus/versions.js';

/** Where no release bounds it. */
const NEWEST_VMBUS = '5.3';

/** What the host of a child speaks, newest first. */
export function hostVersions({ hypervisor: { release } }: HostModel): VmbusVersion[] {
  return versionsUpTo((release === null ? undefined : findRelease(release)?.vmbusVersion) ?? NEWEST_VMBUS);
}

/** What the drivers of its guest speak, newest first. */
export function guestVersions({ operatingSystem }: Child): VmbusVersion[] {
  return versionsUpTo(guestVmbusVersion(operatingSystem));
}

/** The channels of a device: how many further ones the host lets it have, how many its guest wants, and for which VPs. */
export interface ChannelPlan {
  /** 0: the device has one channel. */
  allowed: number;
  wanted: number;
  /** The VP, counted within the guest, that each channel serves: the device's own channel first, then the wanted ones. */
  vps: readonly number[];
  /** The channel, counted from 0, over which each VP speaks. */
  channelOf: readonly number[];
}

export function storageChannels(parts: HostParts, child: Child, firstVp: number): ChannelPlan {
  const perChannel = Math.max(1, parts.costs.get('storage-vps-per-channel').amount);
  const most = child.processors.count - 1;
  return plan(parts, child, firstVp, STORAGE_SUB_CHANNELS_SINCE, most, Math.floor(most / perChannel));
}

export function networkChannels(parts: HostParts, child: Child, firstVp: number): ChannelPlan {
  const most = Math.min(child.processors.count, Math.max(1, parts.costs.get('network-channels').amount)) - 1;
  return plan(parts, child, firstVp, NETWORK_SUB_CHANNELS_SINCE, most, most);
}

/** A channel for all. */
export function oneChannel(child: Child, firstVp: number): ChannelPlan {
  return channelSpread(child.processors.count, firstVp, 0, 0);
}

function plan(
  { model, architecture }: HostParts,
  child: Child,
  firstVp: number,
  since: VmbusVersion,
  most: number,
  wish: number,
): ChannelPlan {
  const spoken = (versions: readonly VmbusVersion[]) => versions.some((version) => version >= since);
  const allowed = architecture.devices.vmbus && spoken(hostVersions(model)) ? most : 0;
  const wanted = spoken(guestVersions(child)) ? Math.min(allowed, wish) : 0;
  return channelSpread(child.processors.count, firstVp, allowed, wanted);
}

/** The channels of a device, its own for `firstVp`, spread evenly over the VPs. */
export function channelSpread(vpCount: number, firstVp: number, allowed: number, wanted: number): ChannelPlan {
  const channels = wanted + 1;
  return {
    allowed,
    wanted,
    vps: Array.from({ length: channels }, (_, i) => (firstVp + Math.ceil((i * vpCount) / channels)) % vpCount),
    channelOf: Array.from({ length: vpCount }, (_, vp) =>
      Math.floor((((vp - firstVp + vpCount) % vpCount) * channels) / vpCount),
    ),
  };
}
