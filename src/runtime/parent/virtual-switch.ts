import type { NetworkAdapter, SendClient } from '../hardware/network-adapter.js';

/** A port of a virtual switch, where one VM is plugged in. */
export interface SwitchPort {
  /** Carries a message; the client hears `sent(tag)` when it has left. */
  send(bytes: number, tag: number): void;
}

/** An external switch hands on to its physical NIC; internal and private ones stay in memory and deliver at once. */
export function plugIn(uplink: NetworkAdapter | null, client: SendClient): SwitchPort {
  if (!uplink) return { send: (_bytes, tag) => client.sent(tag) };
  const port = uplink.connect(client);
  return { send: (bytes, tag) => uplink.send(bytes, port, tag) };
}
