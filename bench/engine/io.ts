/**
 * What a packet over VMBus costs the engine: children that do little but read, write and send.
 *
 *   npx tsx bench/engine/io.ts [children] [seconds]
 */
import { child, disk, host, nic, run, withLps, workload } from '../../test/runtime/hosts.js';

const [children, seconds] = [16, 20].map((usual, i) => Number(process.argv[i + 2] ?? usual)) as [number, number];

const base = withLps(host(), 32);
const [first] = base.hardware.disks;
const model = {
  ...base,
  hardware: {
    ...base.hardware,
    memory: { ...base.hardware.memory, bytes: 256 * 1024 ** 3 },
    disks: [{ ...first!, medium: 'nvme' as const }],
    nics: [{ ...base.hardware.nics[0]!, bitsPerSecond: 100e9 }],
  },
  children: Array.from({ length: children }, (_, i) =>
    child(`c${i}`, {
      processors: { count: 2, reservePercent: 0, limitPercent: 100, weight: 100 },
      disks: [disk()],
      nics: [nic()],
      workload: workload({
        arrival: { kind: 'open', requestsPerSecond: 2000 },
        cpuNs: 20_000,
        readBytes: 8192,
        writeBytes: 4096,
        sendBytes: 16_384,
      }),
    }),
  ),
};

const began = process.cpuUsage();
const { result } = run(model, { horizonNs: seconds * 1e9, snapshotEveryNs: 1e9 });
const used = process.cpuUsage(began);
const cpuSeconds = (used.user + used.system) / 1e6;
const packets = result.total.channels.reduce((sum, channel) => sum + channel.packetsPerSecond * seconds, 0);
console.log(
  `I/O ${children} children, ${seconds} s: ${Math.round(packets)} packets, ${result.engineEvents} events in ` +
    `${cpuSeconds.toFixed(2)} CPU-s: ${((cpuSeconds * 1e9) / packets).toFixed(0)} ns a packet; trace ${result.traceHash}`,
);
