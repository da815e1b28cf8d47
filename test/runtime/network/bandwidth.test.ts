import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Bandwidth, Child, HostModel } from '../../../src/model/host-model.js';
import { FairQueue, type Flow } from '../../../src/runtime/hardware/fair-queue.js';
import type { ModelledFrame } from '../../../src/runtime/hardware/modelled-frame.js';
import { BandwidthLimit } from '../../../src/runtime/parent/network/bandwidth-limit.js';
import { Timers } from '../../../src/runtime/timers.js';
import { child, host, IDEAL, INSTANT, nic, partitionOf, run, withCosts, workload } from '../hosts.js';

const BURST = 10_000;

function frame(bytes: number): ModelledFrame {
  return {
    source: 1,
    destination: 2,
    content: null,
    bytes,
    wireTag: null,
    flow: null,
    sender: { sent: () => {}, sendFailed: () => {} },
    tag: 0,
    listener: null,
    sinceNs: 0,
    repeat: () => {},
  };
}

/** When each frame passes a limit of so many bits per second, in ns; `gaps` are the times between them. */
function passed(bitsPerSecond: number, frames: { bytes: number; gapNs: number }[]): { atNs: number; bytes: number }[] {
  const timers = new Timers();
  const out: { atNs: number; bytes: number }[] = [];
  const limit = new BandwidthLimit(timers, bitsPerSecond, BURST, ({ bytes }) =>
    out.push({ atNs: timers.nowNs, bytes }),
  );
  let next = 0;
  const source = { fire: () => sendNext() };
  const slot = timers.add(source);
  const sendNext = () => {
    limit.send(frame(frames[next]!.bytes));
    next++;
    if (next < frames.length) timers.arm(slot, timers.nowNs + frames[next]!.gapNs);
  };
  timers.seal();
  timers.arm(slot, frames[0]!.gapNs);
  while (timers.step());
  return out;
}

describe('a bandwidth limit', () => {
  const someFrames = fc.array(
    fc.record({ bytes: fc.integer({ min: 1, max: 8000 }), gapNs: fc.integer({ min: 0, max: 2e6 }) }),
    {
      minLength: 1,
      maxLength: 60,
    },
  );

  it('lets nothing be lost, and no window carry more than the burst and the rate', () => {
    fc.assert(
      fc.property(someFrames, fc.integer({ min: 1e5, max: 1e9 }), (frames, rate) => {
        const out = passed(rate, frames);
        assert.deepEqual(
          out.map(({ bytes }) => bytes),
          frames.map(({ bytes }) => bytes),
        );
        for (const [i, { atNs: from }] of out.entries()) {
          let bytes = 0;
          for (const { atNs, bytes: more } of out.slice(i)) {
            bytes += more;
            // The last frame may leave on credit.
            assert.ok(bytes - more <= BURST + ((atNs - from + 1) * rate) / 8e9 + 1e-3);
          }
        }
      }),
    );
  });

  it('holds nobody up who stays below it', () => {
    const frames = Array.from({ length: 50 }, () => ({ bytes: 1000, gapNs: 1_000_000 }));
    const out = passed(8e6, frames);
    assert.deepEqual(
      out.map(({ atNs }) => atNs),
      frames.map((_, i) => (i + 1) * 1_000_000),
    );
  });

  it('comes to its rate in the long run', () => {
    const frames = Array.from({ length: 2000 }, () => ({ bytes: 1500, gapNs: 0 }));
    const last = passed(10e6, frames).at(-1)!.atNs;
    const expected = ((2000 * 1500 - BURST) * 8e9) / 10e6;
    assert.ok(Math.abs(last - expected) <= (1500 * 8e9) / 10e6);
  });
});

describe('fair queueing on a wire', () => {
  it('gives flows that always wait what their weights say, within one frame of each', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 5 });
    const sizes = fc.array(fc.integer({ min: 60, max: 1500 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(weights, sizes, (each, bytes) => {
        const queue = new FairQueue<number>(each.length);
        const flows = each.map((weight, index): Flow => ({ index, weight, finish: 0 }));
        const served = each.map(() => 0);
        for (const flow of flows) for (let i = 0; i < 3; i++) queue.push(flow.index, bytes[flow.index]!, flow);
        for (let i = 0; i < 500; i++) {
          const index = queue.shift()!;
          served[index] = served[index]! + bytes[index]!;
          queue.push(index, bytes[index]!, flows[index]!);
        }
        const fluid = served.map((bytesServed, index) => bytesServed / each[index]!);
        for (const [a, x] of fluid.entries())
          for (const [b, y] of fluid.entries())
            assert.ok(Math.abs(x - y) <= bytes[a]! / each[a]! + bytes[b]! / each[b]! + 1e-6);
      }),
    );
  });
});

/** Children that send as fast as they may through one NIC of 100 Mb/s. */
function sending(bandwidths: (Bandwidth | undefined)[]): { throughputs: number[]; model: HostModel } {
  const hungry = workload({ arrival: { kind: 'closed', clients: 8, thinkNs: 0 }, cpuNs: 1000, sendBytes: 12_500 });
  const children = bandwidths.map(
    (bandwidth, i): Child =>
      child(`c${i}`, { nics: [{ ...nic(), ...(bandwidth && { bandwidth }) }], workload: hungry }),
  );
  const base = host({ children });
  const hardware = { ...base.hardware, nics: [{ ...base.hardware.nics[0]!, bitsPerSecond: 100e6 }] };
  const model = withCosts({ ...base, hardware }, INSTANT);
  const { result } = run(model);
  return { throughputs: bandwidths.map((_, i) => partitionOf(result, `c${i}`).work!.throughputPerSecond), model };
}

/** What 12,500 bytes are on a wire: in nine packets, each with 40 bytes of headers and 38 around it. */
const WIRE_BYTES = 12_500 + 9 * 78;

/** Requests of 12,500 bytes a second that 100 Mb/s carry. */
const FULL = 100e6 / 8 / WIRE_BYTES;

describe('bandwidth of virtual adapters', () => {
  const near = (seen: number, expected: number) =>
    assert.ok(Math.abs(seen / expected - 1) < 0.03, `${seen}, ${expected}`);

  it('is bounded by a limit, and others get the rest', () => {
    const { throughputs } = sending([{ limitBitsPerSecond: 20e6 }, undefined]);
    // A limit is of what an adapter sends, without what is around it on a wire.
    const limited = 20e6 / 8 / 12_500;
    near(throughputs[0]!, limited);
    near(throughputs[1]!, FULL - limited);
  });

  it('is shared by weight where the wire is full', () => {
    const { throughputs } = sending([{ weight: 60 }, { weight: 30 }, { weight: 10 }]);
    for (const [i, share] of [0.6, 0.3, 0.1].entries()) near(throughputs[i]!, share * FULL);
  });

  it('is at least what is reserved', () => {
    const { throughputs } = sending([{ reserveBitsPerSecond: 70e6 }, undefined, undefined]);
    for (const [i, share] of [0.7, 0.15, 0.15].entries()) near(throughputs[i]!, share * FULL);
  });

  it('is the same for all where nobody says anything', () => {
    const { throughputs } = sending([undefined, undefined]);
    for (const each of throughputs) near(each, FULL / 2);
  });
});

describe('a bandwidth limit of an adapter', () => {
  it('holds for frames that nobody takes and that are sent again', () => {
    const bitsPerSecond = 5e6;
    const asked = workload({
      arrival: { kind: 'closed', clients: 60, thinkNs: 1000 },
      cpuNs: 20_000,
      sendBytes: 32_000,
    });
    const web = child('web', {
      nics: [{ ...nic(), bandwidth: { limitBitsPerSecond: bitsPerSecond } }],
      sendsTo: 'db',
      workload: asked,
    });
    const db = child('db', { nics: [nic()], start: { action: 'never', delayNs: 0 } });
    const model = withCosts(host({ children: [web, db] }), INSTANT);
    const { snapshots } = run(model, { horizonNs: 5e9 });
    const sent = snapshots.slice(2).flatMap(({ adapters }) => adapters.filter((each) => each.child === 'web'));
    assert.ok(sent.length > 0);
    for (const { sentBytesPerSecond } of sent)
      assert.ok(sentBytesPerSecond <= bitsPerSecond / 8 + 131_072 + 32_000, `${sentBytesPerSecond}`);
  });
});

describe('a wire at random', () => {
  it('waits as M/D/1 says', () => {
    const load = 0.7;
    const wireNs = WIRE_BYTES * 80;
    const asked = workload({
      arrival: { kind: 'open', requestsPerSecond: (load * 1e9) / wireNs },
      cpuNs: 1,
      receiveBytes: 12_500,
    });
    const base = host({ children: [child('web', { nics: [nic()], workload: asked })] });
    const hardware = { ...base.hardware, nics: [{ ...base.hardware.nics[0]!, bitsPerSecond: 100e6 }] };
    const free = { 'vsp-network-receive': 0, copy: 0, 'vsc-network-receive': 0, 'guest-copy': 0, 'vsc-interrupt': 1 };
    const model = withCosts({ ...base, hardware }, INSTANT, IDEAL, free, { 'vsp-network-return': 0 });
    const { result } = run(model, { horizonNs: 400e9 });
    const mean = partitionOf(result, 'web').work!.latencyNs!.mean;
    const expected = wireNs * (1 + load / (2 * (1 - load)));
    assert.ok(Math.abs(mean / expected - 1) < 0.03, `${mean}, ${expected}`);
  });
});
