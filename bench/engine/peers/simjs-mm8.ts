/**
 * The queue of eight servers on simjs, a library for discrete-event simulation on npm.
 *
 *   npx tsx bench/engine/peers/simjs-mm8.ts [customers]
 */
import { cpuSecondsSince, print } from '../figures.js';
import { ARRIVALS_A_SECOND, CUSTOMERS, Exponential, SERVERS, waitOracle } from '../queue-of-eight.js';

/** The part of simjs that is used here; it has no types. */
interface Simjs {
  Sim: new () => { addEntity(kind: unknown, name: string): void; simulate(until: number): void };
  Entity: new (
    ...args: unknown[]
  ) => {
    time(): number;
    setTimer(delay: number): { done(act: () => void): void };
    useFacility(facility: unknown, duration: number): { done(act: () => void): void };
  };
  Facility: (new (name: string, discipline: number, servers: number) => object) & { FCFS: number };
}

// As published, it gives itself to a browser's window and exports nothing.
const browser: { Sim?: Simjs } = {};
Object.assign(globalThis, { window: browser });
await import('simjs');
const { Sim, Entity, Facility } = browser.Sim!;

const customers = Number(process.argv[2] ?? CUSTOMERS);
const draw = new Exponential();
const servers = new Facility('servers', Facility.FCFS, SERVERS);
let arrived = 0;
let departed = 0;
let waited = 0;

class Source extends Entity {
  start(): void {
    this.arrive();
  }

  private arrive(): void {
    const came = this.time();
    const service = draw.next(1) / 1e9;
    this.useFacility(servers, service).done(() => {
      departed++;
      waited += this.time() - came - service;
    });
    if (++arrived < customers) this.setTimer(draw.next(ARRIVALS_A_SECOND) / 1e9).done(() => this.arrive());
  }
}

const sim = new Sim();
sim.addEntity(Source, 'customers');
const began = process.cpuUsage();
sim.simulate(1e12);
print(
  `M/M/8 on simjs: ${departed} customers waited ${(waited / departed).toFixed(4)} s, theory ${waitOracle().toFixed(4)} s`,
  { events: arrived + departed, cpuSeconds: cpuSecondsSince(began) },
);
