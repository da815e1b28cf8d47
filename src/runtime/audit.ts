import { COSTS } from '../model/catalog/costs.js';
import { NetworkClient } from './child/network-client.js';
import { invariant } from './defect.js';
import { PAGE_BYTES } from './hardware/system-memory.js';
import type { HostParts } from './host-parts.js';
import { openChannels } from './parent/child-devices.js';
import type { ChildMachine } from './parent/child-machine.js';
import { NetworkProvider } from './parent/network-provider.js';

/** The sums that must come out whatever happens. Called whenever the host is measured. */
export function audit(parts: HostParts, children: readonly ChildMachine[], rootLostNs: number): void {
  auditTime(parts, children, rootLostNs);
  auditMemory(parts, children);
  auditChannels(children);
  auditSwitches(parts);
  auditRequests(children);
  for (const disk of parts.disks.values()) invariant(disk.queueLength >= 0, 'a disk answered more than it was asked');
}

/** What was charged to VPs was run, waits to be run, or was lost with its partition; what LPs did was run or switching. */
function auditTime(
  { costs, vps, lps, architecture }: HostParts,
  children: readonly ChildMachine[],
  rootLostNs: number,
): void {
  let ran = 0;
  let left = 0;
  for (let vp = 0; vp < vps.count; vp++) {
    ran += vps.runNs[vp]!;
    left += vps.burstNs[vp]!;
  }
  let lost = rootLostNs;
  for (const child of children) {
    lost += child.lostNs;
    left += child.guest?.pendingNs ?? 0;
  }
  let charged = 0;
  for (const { id, spentBy } of COSTS) {
    if (spentBy !== 'device' && spentBy !== 'parameter' && id !== architecture.devices.contextSwitch)
      charged += costs.totalNs(id);
  }
  invariant(same(charged, ran + left + lost), 'charged time is not the time that was run');
  let busy = 0;
  for (let lp = 0; lp < lps.lpCount; lp++) {
    busy += lps.times.busyNs[lp]!;
    invariant(lps.times.busyNs[lp]! <= lps.nowNs, 'a logical processor was busier than time allows');
  }
  invariant(
    same(busy, ran + costs.totalNs(architecture.devices.contextSwitch)),
    'busy time of the processors is not what their VPs ran',
  );
}

function auditMemory({ memory, model }: HostParts, children: readonly ChildMachine[]): void {
  let given = 0;
  for (const { partition } of children) if (partition) given += partition.space.pages + partition.depositedPages;
  invariant(given + memory.freePages === memory.totalPages, 'pages were lost or given twice');
  // Sizes are rounded to pages, child by child.
  const reservedPages = (model.parent?.reserve.memoryBytes ?? 0) / PAGE_BYTES;
  invariant(memory.freePages + children.length >= reservedPages, 'children took what the parent reserves');
}

/**
 * What was written into a ring was read out of it or is still there; what a VSC asked was answered, or is in one of the
 * rings or in the hands of the VSP. A channel that its guest broke has lost what was in it.
 */
function auditChannels(children: readonly ChildMachine[]): void {
  for (const { devices } of children) {
    for (const { guest, host } of openChannels(devices)) {
      invariant(
        !host.isOpen ||
          (guest.outgoing.movedBytes === host.fromGuest.movedBytes + guest.outgoing.usedBytes() &&
            host.toGuest.movedBytes === guest.incoming.movedBytes + guest.incoming.usedBytes()),
        'bytes were lost in a ring or came out of nowhere',
      );
    }
    for (const { client, provider, host } of devices?.synthetic.flatMap(({ channels }) => channels) ?? []) {
      const guest = client.channel;
      if (guest === null || provider === null || !host?.isOpen) continue;
      const underWay =
        guest.outgoing.movedPackets -
        host.fromGuest.movedPackets +
        (provider.taken - provider.answered) +
        (host.toGuest.movedPackets - guest.incoming.movedPackets);
      const handedOver =
        client instanceof NetworkClient && provider instanceof NetworkProvider ? received(client, provider) : 0;
      const unread = provider.notices - client.notices;
      invariant(
        client.asked === client.heard + underWay - handedOver - unread,
        'requests were lost on a channel or answered twice',
      );
    }
  }
}

/** Packets in the rings of a network channel that are no requests and no answers: those of received frames. */
function received(client: NetworkClient, provider: NetworkProvider): number {
  return provider.handedOver - client.received + (client.returned - provider.returned);
}

/** Every request that was issued was completed or failed, is under way, or was lost with its partition. */
function auditRequests(children: readonly ChildMachine[]): void {
  for (const { isResident, requestsUnderWay, work } of children) {
    if (!isResident) continue;
    const { issued, completed, failed, lost } = work.balance;
    invariant(issued === completed + failed + lost + requestsUnderWay, 'requests vanished or came out of nowhere');
  }
}

/** What came into a switch was delivered, dropped, or waits there. */
function auditSwitches({ switches }: HostParts): void {
  for (const { network } of switches.values()) {
    const { sent, copied, delivered, dropped } = network.ledger;
    const waiting = network.waiting();
    invariant(
      sent.frames + copied.frames === delivered.frames + dropped.frames + waiting.frames &&
        sent.bytes + copied.bytes === delivered.bytes + dropped.bytes + waiting.bytes,
      'a switch lost frames or made some',
    );
  }
}

/** Equal to the nanosecond as long as the sums are exact, and to a billionth beyond (months of CPU time). */
function same(a: number, b: number): boolean {
  return a === b || (a > Number.MAX_SAFE_INTEGER && Math.abs(a - b) <= a * 1e-9);
}
