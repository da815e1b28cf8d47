import type { ProcessorView } from './scheduler.js';

/** Which virtual core has which core, and whether it is coming, there or on its way out. */
export class CoreHolds {
  /** The virtual core that has a core, or -1; and the other way round. */
  readonly owner: Int32Array;
  readonly coreOf: Int32Array;
  /** 1 while the threads of a core are taken from its owner, one after the other. */
  readonly leaving: Uint8Array;
  /** 1 while a core was given to a virtual core none of whose VPs has come onto it. */
  private readonly awaited: Uint8Array;

  constructor(
    private readonly processors: ProcessorView,
    private readonly threads: number,
    groups: number,
  ) {
    const cores = Math.ceil(processors.lpCount / threads);
    this.owner = new Int32Array(cores).fill(-1);
    this.coreOf = new Int32Array(groups).fill(-1);
    this.leaving = new Uint8Array(cores);
    this.awaited = new Uint8Array(cores);
  }

  give(core: number, group: number): void {
    this.owner[core] = group;
    this.coreOf[group] = core;
    this.awaited[core] = 1;
  }

  isAwaited(core: number): boolean {
    return this.awaited[core] === 1;
  }

  /** A VP of its owner comes onto the core. */
  arrive(core: number): void {
    this.awaited[core] = 0;
  }

  /** Nothing runs on the core: whoever had it has it no more. */
  take(core: number): void {
    const group = this.owner[core]!;
    this.leaving[core] = 0;
    this.awaited[core] = 0;
    this.owner[core] = -1;
    if (group >= 0) this.coreOf[group] = -1;
  }

  /** Takes every thread of a core from its owner; returns one that the dispatcher is to take at once. */
  expel(core: number, except = -1): number {
    const { running } = this.processors;
    let first = -1;
    for (let lp = core * this.threads; lp < (core + 1) * this.threads; lp++) {
      if (running[lp]! < 0 || lp === except) continue;
      this.leaving[core] = 1;
      if (first < 0 && except < 0) first = lp;
      else this.processors.reschedule(lp);
    }
    return first;
  }

  isBusy(core: number): boolean {
    const { running } = this.processors;
    for (let lp = core * this.threads; lp < (core + 1) * this.threads; lp++) if (running[lp]! >= 0) return true;
    return false;
  }

  /** Nothing runs on the core, and nobody is about to. */
  isFree(core: number): boolean {
    return this.awaited[core] === 0 && !this.isBusy(core);
  }

  /** The first free core of a node, or of all with -1; -1 where there is none. */
  idleCore(node = -1): number {
    if (this.processors.idleLp() < 0) return -1;
    const { nodes } = this.processors;
    const first = node < 0 ? 0 : Math.ceil(nodes.firstOf(node) / this.threads);
    const end = node < 0 ? this.owner.length : Math.ceil(nodes.endOf(node) / this.threads);
    for (let core = first; core < end; core++) if (this.isFree(core)) return core;
    return -1;
  }

  /** A free core, or -1: of the home node before others, then the preferred one before the first. Either may be -1. */
  nearestIdle(preferred: number, home: number): number {
    const isFree = preferred >= 0 && this.isFree(preferred);
    const { nodes } = this.processors;
    if (isFree && (home < 0 || nodes.of(preferred * this.threads) === home)) return preferred;
    const near = home < 0 ? -1 : this.idleCore(home);
    if (near >= 0) return near;
    return isFree ? preferred : this.idleCore();
  }
}
