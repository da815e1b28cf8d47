import type { CostLedger } from '../trace/cost-ledger.js';

/** How bytes of work become frames, and what a wire carries for them. */
export interface Framing {
  /** So many bytes of the work fit into a frame. */
  readonly payloadBytes: number;
  /** For each frame a wire carries so many besides: headers, and what is around a packet. */
  readonly aroundBytes: number;
  /** And for one that is tagged. */
  readonly tagBytes: number;
}

/** TCP over Ethernet. */
export function framingOf(costs: CostLedger): Framing {
  const headers = costs.get('tcp-headers').amount;
  return {
    payloadBytes: Math.max(1, costs.get('ethernet-mtu').amount - headers),
    aroundBytes: costs.get('ethernet-framing').amount + headers,
    tagBytes: costs.get('vlan-tag').amount,
  };
}

/** Into how many frames bytes of the work go; nothing takes one, too. */
export function framesOf({ payloadBytes }: Framing, bytes: number): number {
  return Math.max(1, Math.ceil(bytes / payloadBytes));
}

/** What a wire carries for bytes of the work. */
export function wireBytes(framing: Framing, bytes: number, isTagged: boolean): number {
  const around = framing.aroundBytes + (isTagged ? framing.tagBytes : 0);
  return bytes + framesOf(framing, bytes) * around;
}
