import type { WorkSnapshot } from '../../../protocol/snapshot.js';
import { type Counter, counterObject } from './counter.js';
import {
  channels,
  childrenThatExist,
  disks,
  logicalProcessors,
  networkAdapters,
  nics,
  rootPartition,
  switches,
  type VpFigures,
  virtualProcessors,
  workloads,
} from './instances.js';
import { MEMORY_COUNTERS } from './memory-counters.js';
import { VIRTUAL_PROCESSOR_COUNTERS } from './virtual-processor-counters.js';

const RATIO = 0.01;
const NS_PER_MS = 1e6;
const MS = 1e-3;

/** Every counter that is exported, in the order of the export. Nothing is here that a snapshot does not have. */
export const COUNTERS: readonly Counter[] = [
  ...counterObject('Hyper-V Hypervisor Logical Processor', logicalProcessors, [
    [
      '% Total Run Time',
      'documented',
      'hyperv_logical_processor_total_run_time_ratio',
      RATIO,
      'Time the logical processor was busy.',
      (lp) => lp.busyPercent,
    ],
    [
      '% Guest Run Time',
      'documented',
      'hyperv_logical_processor_guest_run_time_ratio',
      RATIO,
      'Time the logical processor ran code of partitions.',
      (lp) => Math.max(0, lp.busyPercent - lp.hypervisorPercent),
    ],
    [
      '% Hypervisor Run Time',
      'documented',
      'hyperv_logical_processor_hypervisor_run_time_ratio',
      RATIO,
      'Time the logical processor ran the hypervisor.',
      (lp) => lp.hypervisorPercent,
    ],
    [
      '% Idle Time',
      'secondary',
      'hyperv_logical_processor_idle_time_ratio',
      RATIO,
      'Time the logical processor had nothing to run.',
      (lp) => Math.max(0, 100 - lp.busyPercent),
    ],
  ]),
  ...counterObject('Hyper-V Hypervisor Root Virtual Processor', rootPartition, [
    [
      '% Total Run Time',
      'documented',
      'hyperv_root_virtual_processor_total_run_time_ratio',
      RATIO,
      'Time the virtual processors of the root partition ran, on average.',
      (root) => root.vpPercent,
    ],
  ]),
  ...counterObject('Hyper-V Hypervisor Virtual Processor', virtualProcessors, [
    [
      '% Total Run Time',
      'documented',
      'hyperv_virtual_processor_total_run_time_ratio',
      RATIO,
      'Time the virtual processors of a child ran, on average.',
      (vps) => vps.vpPercent,
    ],
    [
      'Hypercalls/sec',
      'secondary',
      'hyperv_virtual_processor_hypercalls_per_second',
      1,
      'Hypercalls of a child.',
      exits('hypercall'),
    ],
    [
      'HLT Instructions/sec',
      'secondary',
      'hyperv_virtual_processor_hlt_instructions_per_second',
      1,
      'Times a virtual processor of a child had nothing to do and halted.',
      exits('halt'),
    ],
    [
      'IO Instructions/sec',
      'secondary',
      'hyperv_virtual_processor_io_instructions_per_second',
      1,
      'Intercepted accesses of a child to registers of emulated devices.',
      exits('I/O port'),
    ],
    [
      'Virtual Interrupts/sec',
      'secondary',
      'hyperv_virtual_processor_virtual_interrupts_per_second',
      1,
      'Interrupts delivered to a child.',
      exits('interrupt'),
    ],
  ]),
  ...MEMORY_COUNTERS,
  ...VIRTUAL_PROCESSOR_COUNTERS,
  ...counterObject('Hyper-V Virtual Network Adapter', networkAdapters, [
    [
      'Packets Sent/sec',
      'secondary',
      'hyperv_virtual_network_adapter_packets_sent_per_second',
      1,
      'Sends of a child through the adapter, before they are cut into frames.',
      (adapter) => adapter.sentPerSecond,
    ],
    [
      'Packets Received/sec',
      'recalled',
      'hyperv_virtual_network_adapter_packets_received_per_second',
      1,
      'Messages a child has received through the adapter.',
      (adapter) => adapter.receivedPerSecond,
    ],
    [
      'Bytes Sent/sec',
      'recalled',
      'hyperv_virtual_network_adapter_sent_bytes_per_second',
      1,
      'Bytes a child has sent through the adapter.',
      (adapter) => adapter.sentBytesPerSecond,
    ],
    [
      'Bytes Received/sec',
      'recalled',
      'hyperv_virtual_network_adapter_received_bytes_per_second',
      1,
      'Bytes a child has received through the adapter.',
      (adapter) => adapter.receivedBytesPerSecond,
    ],
  ]),
  ...counterObject('Hyper-V Virtual Switch', switches, [
    [
      'Packets/sec',
      'recalled',
      'hyperv_virtual_switch_packets_per_second',
      1,
      'Messages that came into the switch.',
      (network) => network.framesPerSecond,
    ],
    [
      'Bytes/sec',
      'recalled',
      'hyperv_virtual_switch_bytes_per_second',
      1,
      'Bytes of these messages.',
      (network) => network.bytesPerSecond,
    ],
    [
      'Dropped Packets Incoming/sec',
      'recalled',
      'hyperv_virtual_switch_dropped_packets_per_second',
      1,
      'Messages for nobody who was there, or for a port that was full.',
      (network) => network.droppedPerSecond,
    ],
  ]),
  ...counterObject('PhysicalDisk', disks, [
    [
      '% Idle Time',
      'recalled',
      'physical_disk_idle_time_ratio',
      RATIO,
      'Time the disk had nothing to do.',
      (disk) => Math.max(0, 100 - disk.busyPercent),
    ],
    [
      'Disk Read Bytes/sec',
      'recalled',
      'physical_disk_read_bytes_per_second',
      1,
      'Bytes read from the disk.',
      (disk) => disk.readBytesPerSecond,
    ],
    [
      'Disk Write Bytes/sec',
      'recalled',
      'physical_disk_write_bytes_per_second',
      1,
      'Bytes written to the disk.',
      (disk) => disk.writeBytesPerSecond,
    ],
    [
      'Current Disk Queue Length',
      'recalled',
      'physical_disk_queue_length',
      1,
      'Requests at the disk at the moment of the snapshot.',
      (disk) => disk.queue,
    ],
  ]),
  ...counterObject('Network Interface', nics, [
    [
      'Bytes Sent/sec',
      'recalled',
      'network_interface_sent_bytes_per_second',
      1,
      'Bytes sent through the adapter of the host.',
      (nic) => nic.sendBytesPerSecond,
    ],
    [
      'Bytes Received/sec',
      'recalled',
      'network_interface_received_bytes_per_second',
      1,
      'Bytes received through the adapter of the host.',
      (nic) => nic.receiveBytesPerSecond,
    ],
  ]),
  ...counterObject('hvhost VMBus Channel', channels, [
    [
      'Packets/sec',
      'own',
      'vmbus_channel_packets_per_second',
      1,
      'Packets from the child: SCSI commands or network sends.',
      (channel) => channel.packetsPerSecond,
    ],
    [
      'Packet Bytes/sec',
      'own',
      'vmbus_channel_packet_bytes_per_second',
      1,
      'Bytes of these packets; the data they describe lies outside the ring.',
      (channel) => channel.bytesPerSecond,
    ],
    [
      'Signals/sec',
      'own',
      'vmbus_channel_signals_per_second',
      1,
      'Signals over the channel, both directions together.',
      (channel) => channel.signalsPerSecond,
    ],
    [
      '% Ring Peak',
      'own',
      'vmbus_channel_ring_peak_ratio',
      RATIO,
      'Fullest the ring was.',
      (channel) => channel.ringPeakPercent,
    ],
  ]),
  ...counterObject('hvhost Partition', childrenThatExist, [
    [
      '% Ready Time',
      'own',
      'partition_ready_time_ratio',
      RATIO,
      'Time the virtual processors of a child waited for a logical processor, on average.',
      (child) => child.readyPercent,
    ],
    [
      'Translated Hypercalls/sec',
      'own',
      'partition_translated_hypercalls_per_second',
      1,
      "Hypercalls of a Xen-enabled child that the adapter translated into Hyper-V's.",
      (child) => child.translatedHypercallsPerSecond ?? null,
    ],
  ]),
  ...counterObject('hvhost Workload', workloads, [
    [
      'Requests/sec',
      'own',
      'workload_requests_per_second',
      1,
      'Requests a child has answered.',
      (work) => work.throughputPerSecond,
    ],
    [
      'Requests Under Way',
      'own',
      'workload_requests_under_way',
      1,
      'Requests not yet answered at the moment of the snapshot.',
      (work) => work.waiting,
    ],
    [
      'Latency Mean (ms)',
      'own',
      'workload_latency_mean_seconds',
      MS,
      'Mean time to an answer; absent while nothing is answered.',
      latency('mean'),
    ],
    [
      'Latency p95 (ms)',
      'own',
      'workload_latency_p95_seconds',
      MS,
      'Time within which 95 % of the answers came; absent while nothing is answered.',
      latency('p95'),
    ],
  ]),
];

function exits(reason: string): (vps: VpFigures) => number | null {
  return ({ exitsPerSecond }) => exitsPerSecond[reason] ?? null;
}

function latency(statistic: 'mean' | 'p95'): (work: WorkSnapshot) => number | null {
  return ({ latencyNs }) => (latencyNs === null ? null : latencyNs[statistic] / NS_PER_MS);
}
