/** M/M/8 at 90 %: what both programs of it share. */
export const SERVERS = 8;
/** Services take a second on average. */
export const ARRIVALS_A_SECOND = 0.9 * SERVERS;
export const CUSTOMERS = 2_000_000;

/** Exponential times from one generator. */
export class Exponential {
  private seed = 12345;

  /** In ns; `rate` a second. */
  next(rate: number): number {
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
    return Math.round((-Math.log((this.seed + 0.5) / 2 ** 32) / rate) * 1e9);
  }
}

/** The mean wait in seconds: Erlang's C over what the servers have left. */
export function waitOracle(): number {
  const offered = ARRIVALS_A_SECOND;
  let blocking = 1;
  for (let k = 1; k <= SERVERS; k++) blocking = (offered * blocking) / (k + offered * blocking);
  const waits = blocking / (1 - (offered / SERVERS) * (1 - blocking));
  return waits / (SERVERS - offered);
}
