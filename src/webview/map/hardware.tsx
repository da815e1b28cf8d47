import type { Hardware as HardwareModel } from '../../model/host-model.js';
import type { Snapshot } from '../../protocol/snapshot.js';
import { formatBytes, formatPercent, formatRate } from '../format.js';

/** The bottom of the map: devices, logical processors, memory. `spaced` leaves room for a host system above. */
export function Hardware({
  hardware,
  snapshot,
  spaced,
}: {
  hardware: HardwareModel;
  snapshot: Snapshot | null;
  spaced: boolean;
}) {
  return (
    <div class={`band hardware ${spaced ? 'spaced' : ''}`}>
      <Devices hardware={hardware} snapshot={snapshot} />
      <LogicalProcessors hardware={hardware} snapshot={snapshot} />
      <Memory hardware={hardware} snapshot={snapshot} />
    </div>
  );
}

function Devices({ hardware, snapshot }: { hardware: HardwareModel; snapshot: Snapshot | null }) {
  const disk = (name: string) => snapshot?.disks.find((d) => d.name === name);
  const nic = (name: string) => snapshot?.nics.find((n) => n.name === name);
  return (
    <ul class="hardware-devices">
      {hardware.disks.map(({ name, title }) => (
        <HardwareDevice key={name} kind="disk" name={name} title={title} load={percentOf(disk(name)?.busyPercent)} />
      ))}
      {hardware.nics.map(({ name, title }) => (
        <HardwareDevice key={name} kind="NIC" name={name} title={title} load={trafficOf(nic(name))} />
      ))}
      {hardware.displays.map(({ title }) => (
        <HardwareDevice key={title} kind="display" title={title} />
      ))}
      {hardware.management.map(({ title }) => (
        <HardwareDevice key={title} kind="management" title={title} />
      ))}
    </ul>
  );
}

/** What goes out and, where anything does, what comes in. */
function trafficOf(nic: Snapshot['nics'][number] | undefined): string | undefined {
  const sent = bytesOf(nic?.sendBytesPerSecond);
  if (sent === undefined || !nic?.receiveBytesPerSecond) return sent;
  return `${sent} out, ${bytesOf(nic.receiveBytesPerSecond)} in`;
}

function HardwareDevice({ kind, name, title, load }: { kind: string; name?: string; title: string; load?: string }) {
  return (
    <li title={title}>
      <span class="what">{kind}</span> <strong>{name ?? title}</strong>
      {load && <span class="number"> {load}</span>}
    </li>
  );
}

function LogicalProcessors({ hardware, snapshot }: { hardware: HardwareModel; snapshot: Snapshot | null }) {
  const { sockets, coresPerSocket, threadsPerCore } = hardware.processor;
  const count = sockets * coresPerSocket * threadsPerCore;
  const loads = snapshot?.logicalProcessors.map((lp) => lp.busyPercent) ?? Array.from({ length: count }, () => 0);
  const mean = loads.reduce((sum, load) => sum + load, 0) / Math.max(1, loads.length);
  const label = `${count} logical processors, ${formatPercent(mean)} busy`;
  return (
    <figure class="lps">
      <figcaption>
        {count} LPs <span class="number">{formatPercent(mean)}</span>
      </figcaption>
      <div class="lp-row" role="img" aria-label={label} style={{ '--lps': loads.length }}>
        {loads.map((load, i) => (
          <span key={i} class="lp" title={`LP ${i}: ${formatPercent(load)}`}>
            <span style={{ height: `${load}%` }} />
          </span>
        ))}
      </div>
    </figure>
  );
}

function Memory({ hardware, snapshot }: { hardware: HardwareModel; snapshot: Snapshot | null }) {
  const { bytes, numaNodes } = hardware.memory;
  const memory = snapshot?.memory ?? { totalBytes: bytes, parentBytes: 0, childrenBytes: 0, freeBytes: bytes };
  const share = (part: number) => ({ width: `${(100 * part) / memory.totalBytes}%` });
  const label = `${formatBytes(memory.parentBytes)} parent, ${formatBytes(memory.childrenBytes)} children, ${formatBytes(memory.freeBytes)} free`;
  return (
    <figure class="memory">
      <figcaption>
        {formatBytes(bytes)} in {numaNodes} {numaNodes === 1 ? 'node' : 'nodes'}{' '}
        <span class="number">{formatBytes(memory.freeBytes)} free</span>
      </figcaption>
      <div class="stack" role="img" aria-label={label} title={label}>
        <span class="share parent" style={share(memory.parentBytes)} />
        <span class="share children" style={share(memory.childrenBytes)} />
      </div>
    </figure>
  );
}

function percentOf(percent: number | undefined): string | undefined {
  return percent === undefined ? undefined : formatPercent(percent);
}

function bytesOf(bytesPerSecond: number | undefined): string | undefined {
  if (bytesPerSecond === undefined) return undefined;
  return bytesPerSecond < 1 ? formatRate(0) : `${formatBytes(bytesPerSecond)}/s`;
}
