import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  admitChild,
  admitHost,
  automaticReserve,
  machineOverheadBytes,
  openLedger,
  releaseChild,
} from '../../src/model/admission.js';
import type { HostModel } from '../../src/model/host-model.js';
import { cathedral } from './cathedral.js';

const MB = 1024 ** 2;
const GB = 1024 ** 3;

describe('admission', () => {
  it('takes the reserve of the parent off the top and then the children in order', () => {
    const report = admitHost(cathedral());
    assert.deepEqual(report.memory, { totalBytes: 16 * GB, parentBytes: 2 * GB });
    assert.deepEqual(report.cpu, { totalLps: 4, parentLps: 0.8 });
    const [web, payroll, mail] = report.children;
    assert.equal(web?.memoryBytes, 2 * GB + 40 * MB);
    assert.equal(web?.reservedLps, 0.2);
    assert.equal(payroll?.memoryBytes, 256 * MB + 32 * MB);
    assert.equal(mail?.memoryLeftBytes, 16 * GB - 2 * GB - (2 * GB + 40 * MB) - 288 * MB - (1 * GB + 32 * MB));
    assert.deepEqual(
      report.children.flatMap((child) => child.refusals),
      [],
    );
  });

  it('starts no child whose clients would ask without end in one moment', () => {
    const refusedWith = (thinkNs: number, work: { readBytes?: number; sendBytes?: number; receiveBytes?: number }) => {
      const host = cathedral();
      const child = host.children[0]!;
      const none = { cpuNs: 0, cpuDistribution: 'constant', readBytes: 0, writeBytes: 0, sendBytes: 0 } as const;
      child.workload = { name: 'Idle', arrival: { kind: 'closed', clients: 2, thinkNs }, ...none, ...work };
      const without = { ...host, children: [{ ...child, disks: [], nics: [] }] };
      return [host, without].map((each) =>
        admitHost(each)
          .children[0]?.refusals.map(({ code }) => code)
          .join(),
      );
    };
    assert.deepEqual(refusedWith(0, {}), ['HV408', 'HV408']);
    assert.deepEqual(refusedWith(0, { readBytes: 1 }), ['', 'HV408']);
    assert.deepEqual(refusedWith(0, { sendBytes: 1 }), ['', 'HV408']);
    assert.deepEqual(refusedWith(0, { receiveBytes: 1 }), ['', 'HV408']);
    assert.deepEqual(refusedWith(1, {}), ['', '']);
  });

  it('counts no reserve of CPU where the hypervisor has none', () => {
    for (const architecture of ['xen', 'kvm', 'hosted'] as const) {
      const host = cathedral();
      host.hypervisor.architecture = architecture;
      host.children[0]!.processors = { count: 4, reservePercent: 100, limitPercent: 100, weight: 100 };
      const report = admitHost(host);
      assert.equal(report.cpu.parentLps, 0);
      assert.deepEqual(
        report.children.map(({ reservedLps, refusals }) => [reservedLps, refusals.length]),
        [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      );
    }
  });

  it('admits on esxi by the MHz of the cores, to which threads add none', () => {
    const host = cathedral();
    Object.assign(host, { parent: null });
    host.hypervisor.architecture = 'esxi';
    Object.assign(host.hardware.processor, { sockets: 1, coresPerSocket: 2, threadsPerCore: 2, frequencyHz: 2e9 });
    for (const child of host.children)
      child.processors = { count: 2, reservePercent: 50, limitPercent: 100, weight: 100 };
    const refusals = admitHost(host).children.map((child) => child.refusals.map(({ message }) => message));
    assert.deepEqual(refusals.slice(0, 2), [[], []]);
    assert.match(refusals[2]!.join(), /reserves 2 GHz, but 0 Hz of 4 GHz are unreserved/);
  });

  it('reserves 12.5 % of 16 LPs for 8 virtual processors of 25 %', () => {
    const host = cathedral();
    Object.assign(host.hardware.processor, { sockets: 1, coresPerSocket: 16, threadsPerCore: 1 });
    host.children[0]!.processors = { count: 8, reservePercent: 25, limitPercent: 100, weight: 100 };
    assert.equal(admitHost(host).children[0]!.reservedLps / 16, 0.125);
  });

  it('refuses the child that does not fit and still starts a smaller one after it', () => {
    const host = cathedral();
    host.children[0]!.memory = { kind: 'static', startupBytes: 15 * GB };
    const report = admitHost(host);
    assert.deepEqual(
      report.children.map((child) => child.refusals.map((refusal) => refusal.code)),
      [['HV401'], [], []],
    );
    assert.match(
      report.children[0]!.refusals[0]!.message,
      /'web' does not start: it needs 15 GB and 144 MB of overhead, but 14 GB of 16 GB are left/,
    );
  });

  it('admits a memory size that fits to the byte and refuses one byte more', () => {
    const host = cathedral();
    host.children = [host.children[1]!];
    const fits = 14 * GB - machineOverheadBytes(14 * GB);
    host.children[0]!.memory = { kind: 'static', startupBytes: fits };
    assert.equal(admitHost(host).children[0]!.memoryLeftBytes, 0);
    host.children[0]!.memory = { kind: 'static', startupBytes: fits + 1 };
    assert.equal(admitHost(host).children[0]!.refusals[0]!.code, 'HV401');
  });

  it('adds up reserves of virtual processors against logical processors', () => {
    const host = cathedral();
    for (const child of host.children)
      child.processors = { count: 4, reservePercent: 40, limitPercent: 100, weight: 100 };
    const report = admitHost(host);
    assert.deepEqual(
      report.children.map((child) => child.refusals.map((refusal) => refusal.code)),
      [[], [], ['HV402']],
    );
  });

  it('lets reserves that sum to all processors in, whatever binary fractions make of them', () => {
    const host = cathedral();
    host.parent!.reserve.cpuPercent = 0;
    const template = host.children[1]!;
    host.children = Array.from({ length: 40 }, (_, index) => ({
      ...template,
      name: `c${index}`,
      memory: { kind: 'static', startupBytes: 1 * MB },
      processors: { count: 1, reservePercent: 10, limitPercent: 100, weight: 100 },
    }));
    assert.deepEqual(
      admitHost(host).children.flatMap((child) => child.refusals),
      [],
    );
  });

  it('refuses more virtual processors than the host has logical ones', () => {
    const host = cathedral();
    host.children[0]!.processors.count = 5;
    assert.deepEqual(
      admitHost(host).children[0]!.refusals.map((refusal) => refusal.code),
      ['HV403'],
    );
  });

  it('refuses a parent that takes more than there is', () => {
    const host = cathedral();
    host.parent!.reserve = { policy: 'manual', cpuPercent: 120, memoryBytes: 17 * GB };
    assert.deepEqual(
      admitHost(host).refusals.map((refusal) => refusal.code),
      ['HV404', 'HV404'],
    );
  });

  it('takes nothing off the top where there is no parent', () => {
    const host: HostModel = { ...cathedral(), parent: null };
    const { roomLeftBytes, ...ledger } = openLedger(host);
    assert.deepEqual(ledger, { memoryLeftBytes: 16 * GB, nodesLeftBytes: null, lpsLeft: 4 });
    assert.deepEqual(Object.keys(roomLeftBytes), ['raid0']);
  });

  it('computes the documented automatic reserve: 864 MB on a host of 16 GB', () => {
    assert.equal(automaticReserve(cathedral().hardware).memoryBytes, 864 * MB);
  });

  it('never gives away more than there is, and gives all of it back', () => {
    const size = fc.integer({ min: 1, max: 20 * GB });
    const percent = fc.integer({ min: 0, max: 100 });
    const request = fc.record({ bytes: size, count: fc.integer({ min: 1, max: 6 }), reserve: percent });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 12 }), (requests) => {
        const host = cathedral();
        const opened = openLedger(host);
        let ledger = opened;
        const started = [];
        for (const { bytes, count, reserve } of requests) {
          const child = structuredClone(host.children[0]!);
          child.memory = { kind: 'static', startupBytes: bytes };
          child.processors = { count, reservePercent: reserve, limitPercent: 100, weight: 100 };
          const step = admitChild(host, ledger, child);
          ledger = step.ledger;
          assert.ok(ledger.memoryLeftBytes >= 0 && ledger.lpsLeft >= -1e-9);
          if (step.admission.refusals.length === 0) started.push(step.admission);
        }
        for (const admission of started) ledger = releaseChild(ledger, admission);
        assert.equal(ledger.memoryLeftBytes, opened.memoryLeftBytes);
        assert.ok(Math.abs(ledger.lpsLeft - opened.lpsLeft) < 1e-9);
      }),
    );
  });
});
