import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import type { PlainState, StateReader } from '../../../child/snapshot/plain-state.js';
import type { ChannelService, SavableDevice } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import { IcChannel, type IcHandler } from './ic-channel.js';
import { type IcMessage, IcStatus, IcType } from './ic-protocol.js';

const ENUMERATE = 3;
/** Pool 2: what the guest says of itself without being asked. */
const AUTO_POOL = 2;
const KEY_BYTES = 512;
const VALUE_BYTES = 2048;
/** Two bytes of operation and pool, padded; the index; type and sizes; then the key and the value. */
const INDEX_AT = 4;
const TYPE_AT = 8;
const KEY_SIZE_AT = 12;
const VALUE_SIZE_AT = 16;
const KEY_AT = 20;
const VALUE_AT = KEY_AT + KEY_BYTES;
const BODY_BYTES = VALUE_AT + VALUE_BYTES;

const STRING = 1;
const PERIOD_NS = 10e9;
/** A guest that names more than this is not believed. */
const MAX_ITEMS = 64;

/** Reads what the guest tells of itself: operating system, version, name, addresses. Needs a daemon in the guest. */
export class KeyValueExchange implements SavableDevice {
  readonly title = 'key-value exchange';
  readonly interfaceId = VMBUS_CLASSES.keyValueExchange;
  readonly instanceId = '242ff919-07db-4180-9c2e-b86cb68c8c55';
  readonly messagePipe = true;
  private ic: IcChannel | null = null;
  private ready = false;
  private waiting = false;
  private index = 0;
  private nextNs = 0;
  private reading = new Map<string, string>();
  private complete = new Map<string, string>();
  private readonly handler: IcHandler = {
    versions: [
      [3, 0],
      [4, 0],
      [5, 0],
    ],
    ready: () => {
      this.ready = true;
      this.waiting = false;
      this.index = 0;
      this.nextNs = 0;
    },
    response: (message) => this.take(message),
    closed: () => {
      this.ready = false;
      this.complete = new Map();
    },
  };

  /** `read` hears of every whole reading. */
  constructor(private readonly read: (values: ReadonlyMap<string, string>) => void) {}

  /** What was read last, in whole: "OSName" and its like, as Hyper-V calls them. */
  get values(): ReadonlyMap<string, string> {
    return this.complete;
  }

  open(channel: HostChannel): ChannelService {
    this.ic = IcChannel.open(channel, this.handler);
    return this.ic;
  }

  save(): PlainState {
    const { waiting, index, nextNs } = this;
    const items = (map: ReadonlyMap<string, string>) => [...map].map(([key, value]) => ({ key, value }));
    const [reading, complete] = [items(this.reading), items(this.complete)];
    return { version: 1, waiting, index, nextNs, reading, complete, ic: this.ic?.save() ?? null };
  }

  restore(state: StateReader, channel: HostChannel | null): ChannelService | null {
    state.version(1);
    this.waiting = state.at('waiting').flag();
    this.index = state.at('index').integer(0, MAX_ITEMS);
    this.nextNs = state.at('nextNs').time();
    this.reading = readItems(state.at('reading'));
    this.complete = readItems(state.at('complete'));
    this.ic = channel && IcChannel.restored(channel, this.handler, state.at('ic'));
    this.ready = this.ic !== null && this.ic.version !== null;
    return this.ic;
  }

  tick(nowNs: number): number | null {
    if (!this.ready || this.waiting) return null;
    if (nowNs < this.nextNs) return this.nextNs - nowNs;
    this.nextNs = nowNs + PERIOD_NS;
    this.index = 0;
    this.reading = new Map();
    this.ask();
    return null;
  }

  private ask(): void {
    const body = new Uint8Array(BODY_BYTES);
    body[0] = ENUMERATE;
    body[1] = AUTO_POOL;
    new DataView(body.buffer).setUint32(INDEX_AT, this.index, true);
    this.waiting = true;
    this.ic?.request(IcType.keyValue, body);
  }

  private take({ type, status, body }: IcMessage): void {
    if (type !== IcType.keyValue || !this.waiting) return;
    this.waiting = false;
    const item = status === IcStatus.success ? readItem(body) : null;
    if (item === null || this.index >= MAX_ITEMS) {
      this.complete = this.reading;
      this.read(this.complete);
      return;
    }
    this.reading.set(item.key, item.value);
    this.index++;
    this.ask();
  }
}

function readItems(state: StateReader): Map<string, string> {
  const items = state.list(MAX_ITEMS);
  return new Map(items.map((item) => [item.at('key').text(KEY_BYTES), item.at('value').text(VALUE_BYTES)]));
}

/** One answer; null where it does not hold together. */
function readItem(body: Uint8Array): { key: string; value: string } | null {
  if (body.length < BODY_BYTES) return null;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const keyBytes = view.getUint32(KEY_SIZE_AT, true);
  const valueBytes = view.getUint32(VALUE_SIZE_AT, true);
  if (view.getUint32(TYPE_AT, true) !== STRING || keyBytes > KEY_BYTES || valueBytes > VALUE_BYTES) return null;
  return { key: utf16(view, KEY_AT, keyBytes), value: utf16(view, VALUE_AT, valueBytes) };
}

/** Up to the first zero; control characters would do harm on a terminal and are dropped. */
function utf16(view: DataView, at: number, bytes: number): string {
  let text = '';
  for (let offset = 0; offset + 1 < bytes; offset += 2) {
    const unit = view.getUint16(at + offset, true);
    if (unit === 0) break;
    if (unit >= 32 && !(unit >= 127 && unit < 160)) text += String.fromCharCode(unit);
  }
  return text;
}
