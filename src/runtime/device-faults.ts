import { formatBytes } from '../model/format.js';
import type { DeviceFault } from '../model/scenario.js';
import type { HostParts } from './host-parts.js';
import type { ChildMachine } from './parent/child-machine.js';

/** Does to the hardware what a scenario says. */
export function applyDeviceFault(parts: HostParts, fault: DeviceFault): void {
  const { log, disks, nics } = parts;
  switch (fault.kind) {
    case 'slow-disk':
      log.record('fault', null, `${fault.disk} slows down`, { detail: `${fault.factor} times as slow` });
      disks.get(fault.disk)?.slowDown(fault.factor);
      return;
    case 'fail-disk':
      log.record('fault', null, `${fault.disk} fails`, { detail: 'every request is answered with an error' });
      disks.get(fault.disk)?.fail();
      return;
    case 'repair-disk':
      log.record('fault', null, `${fault.disk} is repaired`);
      disks.get(fault.disk)?.repair();
      return;
    case 'unplug-nic':
      log.record('fault', null, `${fault.nic} is unplugged`);
      nics.get(fault.nic)?.unplug();
      return;
    case 'plug-in-nic':
      log.record('fault', null, `${fault.nic} is plugged in`);
      nics.get(fault.nic)?.plugIn();
  }
}

/** The power goes: what was under way comes to nothing, and volatile caches lose what they hold. */
export function cutPower(parts: HostParts): void {
  for (const nic of parts.nics.values()) nic.losePower();
  for (const disk of parts.disks.values()) {
    // Storage of several hosts has a power supply of its own.
    if (disk.disk.shared) continue;
    const before = { ...disk.lost };
    disk.losePower();
    const writes = disk.lost.writes - before.writes;
    if (writes > 0)
      parts.log.record('fault', null, `${disk.disk.name} lost acknowledged writes`, {
        detail: `${writes} of ${formatBytes(disk.lost.bytes - before.bytes)} in its volatile cache`,
      });
  }
}

/** What a reader of the result must know: nothing that was asked or acknowledged is lost without a word. */
export function faultNotes({ disks }: HostParts, children: readonly ChildMachine[]): string[] {
  const failures = children.flatMap(
    ({
      name,
      work: {
        failures: { count },
      },
    }) => (count === 0 ? [] : `'${name}': ${count} requests failed with an error of a device; they have no latency.`),
  );
  const gone = children.flatMap(({ name, work: { balance } }) =>
    balance.lost > 0 ? [`'${name}': ${balance.lost} requests were under way when it was taken down.`] : [],
  );
  const losses = [...disks.values()].flatMap(({ disk, lost }) =>
    lost.writes === 0
      ? []
      : `${disk.name}: ${lost.writes} acknowledged writes of ${formatBytes(lost.bytes)} together were lost with the power; its cache is volatile.`,
  );
  return [...failures, ...gone, ...losses];
}
