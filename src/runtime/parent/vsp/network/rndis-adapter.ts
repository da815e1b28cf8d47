import type { PlainState, StateReader } from '../../../child/snapshot/plain-state.js';
import type { EthernetFrame } from '../../ethernet/ethernet-frame.js';
import type { NetworkVsp } from './network-vsp.js';
import { changedOffloads, type OffloadSettings } from './offload-capabilities.js';
import { Oid, queryOid } from './oids.js';
import { passesFilter } from './packet-filter.js';
import * as rndis from './rndis-control.js';

/** The adapter as RNDIS knows it: initialized or halted, what its driver asks of it and has switched on. */
export class RndisAdapter {
  private initialized = false;
  private filter = 0;
  private offloads: OffloadSettings = { receiveChecksum: false, largeSend: false };
  /** The link as the driver knows it. */
  private told = false;

  constructor(
    private readonly vsp: NetworkVsp,
    private readonly ndisVersion: () => number,
  ) {}

  /** Whether the driver wants this frame. */
  wants({ destination }: EthernetFrame): boolean {
    return this.initialized && passesFilter(this.filter, destination, this.vsp.mac);
  }

  /** Whether the driver takes this frame as its sender left it. */
  takesUnfinished({ offload }: EthernetFrame): boolean {
    if (offload === null) return true;
    return this.offloads.receiveChecksum && (offload.segmentBytes === 0 || this.offloads.largeSend);
  }

  /** The status to indicate because the link went up or down; null: the driver knows, or there is none. */
  linkStatus(): Uint8Array | null {
    const up = this.vsp.port !== null;
    if (!this.initialized || up === this.told) return null;
    this.told = up;
    return rndis.indicateStatus(up ? rndis.RndisStatus.MediaConnect : rndis.RndisStatus.MediaDisconnect);
  }

  /** What a control message is answered with; null where it is none. */
  answer(message: Uint8Array, largestTransfer: number): Uint8Array[] | null {
    const request = rndis.decodeRndisRequest(message);
    if (request === null) return null;
    const { Success, NotSupported } = rndis.RndisStatus;
    switch (request.type) {
      case 'initialize':
        this.initialized = request.major === 1;
        this.told = this.vsp.port !== null;
        return [rndis.initializeComplete(request.id, this.initialized ? Success : NotSupported, largestTransfer)];
      case 'halt':
        this.halt();
        return [];
      case 'query': {
        const data = this.query(request.oid);
        return [rndis.queryComplete(request.id, data === null ? NotSupported : Success, data ?? new Uint8Array(0))];
      }
      case 'set':
        return [rndis.setComplete(request.id, this.set(request.oid, request.data))];
      case 'reset':
        return [rndis.resetComplete()];
      case 'keep-alive':
        return [rndis.keepAliveComplete(request.id)];
    }
  }

  save(): PlainState {
    const { initialized, filter, offloads, told } = this;
    return { initialized, filter, offloads: { ...offloads }, told };
  }

  /** Throws SnapshotError. */
  restore(state: StateReader): void {
    this.initialized = state.at('initialized').flag();
    this.filter = state.at('filter').integer(0, 0xffff_ffff);
    const offloads = state.at('offloads');
    this.offloads = {
      receiveChecksum: offloads.at('receiveChecksum').flag(),
      largeSend: offloads.at('largeSend').flag(),
    };
    this.told = state.at('told').flag();
  }

  private halt(): void {
    this.initialized = false;
    this.filter = 0;
    this.offloads = { receiveChecksum: false, largeSend: false };
  }

  private query(oid: number): Uint8Array | null {
    const { mac, port, counters } = this.vsp;
    return queryOid(oid, {
      mac,
      connected: port !== null,
      filter: this.filter,
      ndisVersion: this.ndisVersion(),
      sentFrames: counters.sentFrames,
      receivedFrames: counters.receivedFrames,
    });
  }

  /** The status of the set. Another Ethernet address is refused: the switch would take no frame from it. */
  private set(oid: number, data: Uint8Array): number {
    const { Success, NotSupported, InvalidData } = rndis.RndisStatus;
    switch (oid) {
      case Oid.CurrentPacketFilter:
        if (data.length < 4) return InvalidData;
        this.filter = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
        return Success;
      case Oid.OffloadParameters: {
        const changed = changedOffloads(data, this.offloads);
        if (changed === null) return InvalidData;
        this.offloads = changed;
        return Success;
      }
      case Oid.OffloadEncapsulation:
      case Oid.MulticastList:
      case Oid.NetworkLayerAddresses:
        return Success;
      default:
        return NotSupported;
    }
  }
}
