/** Power-on of every host, so that virtual time can be written as a date: 1 January 2026, 0:00 UTC. */
const EPOCH_YEAR = 2026;
export const EPOCH_UNIX_SECONDS = 1_767_225_600;
/** Of a year that is no leap year. A run is shorter than that. */
const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const NS_PER_SECOND = 1e9;

/** Seconds since 1970, exact to the nanosecond: "1767225600.25". */
export function unixSeconds(timeNs: number): string {
  const seconds = Math.floor(timeNs / NS_PER_SECOND);
  const fraction = `${timeNs % NS_PER_SECOND}`.padStart(9, '0').replace(/0+$/, '');
  return `${EPOCH_UNIX_SECONDS + seconds}${fraction === '' ? '' : `.${fraction}`}`;
}

/** As Performance Monitor writes a time: "01/01/2026 00:00:00.250". */
export function perfMonTime(timeNs: number): string {
  const ms = Math.floor(timeNs / 1e6);
  let day = Math.floor(ms / 86_400_000);
  let month = 0;
  while (month < 11 && day >= DAYS_OF_MONTHS[month]!) day -= DAYS_OF_MONTHS[month++]!;
  const two = (value: number) => `${value}`.padStart(2, '0');
  const seconds = Math.floor(ms / 1000);
  const time = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${two(month + 1)}/${two(day + 1)}/${EPOCH_YEAR} ${time}.${`${ms % 1000}`.padStart(3, '0')}`;
}
