import assert from 'node:assert/strict';
import type { HostModel } from '../../src/model/host-model.js';
import type { EngineCommand, EngineEvent, RunOptions } from '../../src/protocol/protocol.js';
import { serveEngine } from '../../src/runtime/serve.js';
import { cathedral, child, host, INSTANT, options, withCosts, workload } from './hosts.js';

/** A platform whose clock only moves when the test says so. */
class FakePlatform {
  readonly sent: EngineEvent[] = [];
  wallMs = 0;
  private tasks: { task: () => void; atMs: number }[] = [];
  private listener: (command: EngineCommand) => void = () => {};

  constructor() {
    serveEngine(
      {
        send: (event) => this.sent.push(event),
        onCommand: (listener) => {
          this.listener = listener;
        },
      },
      {
        now: () => this.wallMs,
        yieldToHost: (task, delayMs) => this.tasks.push({ task, atMs: this.wallMs + delayMs }),
      },
    );
  }

  command(command: EngineCommand): void {
    this.listener(command);
  }

  run(model: HostModel, parts: Partial<RunOptions> = {}): void {
    this.command({ type: 'run', model, options: options(parts) });
  }

  /** Does `count` of the tasks that are due. */
  turn(count = 1): void {
    for (let n = 0; n < count; n++) {
      const at = this.tasks.findIndex(({ atMs }) => atMs <= this.wallMs);
      if (at < 0) return;
      this.tasks.splice(at, 1)[0]!.task();
    }
  }

  settle(): void {
    this.turn(1_000_000);
  }

  types(): string[] {
    return this.sent.map(({ type }) => type).filter((type) => type !== 'snapshot');
  }

  virtualNs(): number {
    return this.sent.reduce((latest, event) => (event.type === 'snapshot' ? event.snapshot.timeNs : latest), 0);
  }
}

describe('served engine', () => {
  it('runs to the end as fast as it can', () => {
    const platform = new FakePlatform();
    platform.run(cathedral(), { horizonNs: 12e9 });
    platform.settle();
    assert.deepEqual(platform.types(), ['finished']);
  });

  it('refuses what it does not run', () => {
    const platform = new FakePlatform();
    const model = host();
    platform.run(model, { scenario: 'Nowhere' });
    platform.settle();
    assert.deepEqual(platform.types(), ['refused']);
  });

  it('pauses, resumes and cancels', () => {
    const platform = new FakePlatform();
    platform.run(cathedral(), { horizonNs: 60e9 });
    platform.turn();
    platform.command({ type: 'pause' });
    platform.settle();
    const paused = platform.virtualNs();
    platform.settle();
    assert.equal(platform.virtualNs(), paused);
    platform.command({ type: 'resume' });
    platform.turn(3);
    assert.ok(platform.virtualNs() > paused);
    platform.command({ type: 'cancel' });
    platform.settle();
    assert.deepEqual(platform.types(), ['paused', 'resumed', 'cancelled']);
  });

  it('keeps the pace of the wall clock it is given', () => {
    const platform = new FakePlatform();
    platform.run(host(), { speed: 10, horizonNs: 60e9 });
    for (let n = 0; n < 50; n++) {
      platform.wallMs += 20;
      platform.settle();
    }
    assert.equal(platform.virtualNs(), 80e9); // one second at ten times eight: it still boots
    platform.command({ type: 'pace', speed: null });
    platform.settle();
    assert.deepEqual(platform.types(), ['finished']);
  });

  it('hastens through the boot and keeps the pace from the moment the host is up', () => {
    const platform = new FakePlatform();
    platform.run(cathedral(), { speed: 100, horizonNs: 60e9, snapshotEveryNs: 1e9 });
    const walk = (ms: number) => {
      for (let n = 0; n < ms / 20; n++) {
        platform.wallMs += 20;
        platform.settle();
      }
    };
    const isUp = () => platform.sent.some((event) => event.type === 'snapshot' && event.snapshot.phase === 'ready');
    while (!isUp()) walk(20);
    assert.ok(platform.wallMs < 500, `up after ${platform.wallMs} ms`);
    const upNs = platform.virtualNs();
    walk(200);
    assert.ok(Math.abs(platform.virtualNs() - upNs - 20e9) <= 2e9);
  });

  it('does not catch up for the time it was paused', () => {
    const platform = new FakePlatform();
    platform.run(host(), { speed: 1, horizonNs: 60e9 });
    platform.wallMs += 5000;
    platform.settle();
    platform.command({ type: 'pause' });
    platform.wallMs += 100_000;
    platform.command({ type: 'resume' });
    platform.settle();
    assert.equal(platform.virtualNs(), 40e9); // five seconds at eight times one
  });

  it('replaces a run by the next', () => {
    const platform = new FakePlatform();
    platform.run(cathedral(), { horizonNs: 60e9 });
    platform.turn();
    platform.run(host(), { horizonNs: 1e9 });
    platform.settle();
    assert.deepEqual(platform.types(), ['cancelled', 'finished']);
  });

  it('reports a defect of its own as a crash, and can run again', () => {
    const platform = new FakePlatform();
    const limited = child('a', {
      workload: workload(),
      processors: { count: 1, reservePercent: 0, limitPercent: 50, weight: 100 },
    });
    platform.run(withCosts(host({ children: [limited] }), INSTANT, { 'budget-period': Number.NaN }));
    platform.settle();
    assert.equal(platform.types()[0], 'crashed');
    platform.run(host(), { horizonNs: 1e9 });
    platform.settle();
    assert.equal(platform.types().at(-1), 'finished');
  });
});
