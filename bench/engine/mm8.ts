/**
 * A queue of eight servers at a load of 90 % (M/M/8) on the engine's timers: arrivals and departures a second, as a
 * library for discrete-event simulation does them (peers/simjs-mm8.ts).
 *
 *   npx tsx bench/engine/mm8.ts [customers]
 */
import { type TimerOwner, Timers } from '../../src/runtime/timers.js';
import { cpuSecondsSince, print } from './figures.js';
import { ARRIVALS_A_SECOND, CUSTOMERS, Exponential, SERVERS, waitOracle } from './queue-of-eight.js';

class Servers implements TimerOwner {
  private readonly slots: number[];
  private readonly free: number[] = [...Array(SERVERS).keys()];
  private readonly line: number[] = [];
  private first = 0;
  waitedNs = 0;
  departed = 0;

  constructor(
    private readonly timers: Timers,
    private readonly draw: Exponential,
  ) {
    this.slots = [...Array(SERVERS).keys()].map((server) => timers.add(this, server));
  }

  arrive(nowNs: number): void {
    const server = this.free.pop();
    if (server === undefined) this.line.push(nowNs);
    else this.serve(server, nowNs);
  }

  /** A customer leaves; the next one is served. */
  fire(server: number, nowNs: number): void {
    this.departed++;
    if (this.first === this.line.length) {
      this.free.push(server);
      return;
    }
    this.waitedNs += nowNs - this.line[this.first++]!;
    if (this.first > 4096) {
      this.line.splice(0, this.first);
      this.first = 0;
    }
    this.serve(server, nowNs);
  }

  private serve(server: number, nowNs: number): void {
    this.timers.arm(this.slots[server]!, nowNs + this.draw.next(1));
  }
}

const customers = Number(process.argv[2] ?? CUSTOMERS);
const timers = new Timers();
const draw = new Exponential();
const servers = new Servers(timers, draw);
let arrived = 0;
const arrivals = timers.add({
  fire: (_, nowNs) => {
    servers.arrive(nowNs);
    if (++arrived < customers) timers.arm(arrivals, nowNs + draw.next(ARRIVALS_A_SECOND));
  },
});
timers.seal();
timers.arm(arrivals, 0);

const began = process.cpuUsage();
while (timers.step());
print(
  `M/M/8 on the engine's timers: ${servers.departed} customers waited ${(servers.waitedNs / servers.departed / 1e9).toFixed(4)} s, theory ${waitOracle().toFixed(4)} s`,
  { events: timers.fired, cpuSeconds: cpuSecondsSince(began) },
);
