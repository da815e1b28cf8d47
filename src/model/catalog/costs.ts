/**
 * What things cost: every number the engine charges or waits for, one row each, with where it comes from.
 * A file overrides a row by its id. Rows in cycles follow the frequency of the host.
 */

import { type CostRow, DALL, GUESS, row } from './cost-row.js';
import { ARCHITECTURE_COSTS } from './costs-architectures.js';
import { DEVICE_COSTS } from './costs-devices.js';
import { LIFE_COSTS } from './costs-life.js';
import { MEMORY_COSTS } from './costs-memory.js';
import { MIGRATION_COSTS } from './costs-migration.js';
import { NETWORK_COSTS } from './costs-network.js';

export type { CostRow } from './cost-row.js';

const table = [
  // --- the hypervisor -----------------------------------------------------------------------------------------
  row(
    'vm-exit',
    'Exit to the hypervisor and entry',
    1360,
    'cycles',
    'hypervisor',
    'documented',
    'LKML 2012.2/00527 (Dec 2020): cycles around VMRUN on AMD',
  ),
  row('hypercall', 'Hypercall', 1300, 'cycles', 'hypervisor', 'recalled', `${DALL} (KVM)`),
  row(
    'context-switch',
    'Switch of an LP to another VP',
    4812,
    'cycles',
    'hypervisor',
    'recalled',
    `${DALL} (KVM, VM switch)`,
  ),
  row(
    'virtual-interrupt',
    'Interrupt injected into a VP, with its end',
    1556,
    'cycles',
    'hypervisor',
    'recalled',
    `${DALL} (KVM, virtual IRQ completion)`,
  ),
  row('intercept-message', 'Intercept message posted to the parent', 2000, 'cycles', 'hypervisor', 'assumed', GUESS),
  row('hypercall-adapter', 'Xen hypercall translated by the adapter', 500, 'cycles', 'child', 'assumed', GUESS),
  row(
    'memory-slat',
    'Address translation in hardware, on top of computing',
    2,
    'percent',
    'hypervisor',
    'secondary',
    'Microsoft on 2008 R2, quoted by techgenix.com "Second Level Address Translation Benefits in Hyper-V R2"',
  ),
  row(
    'memory-shadow',
    'Shadow page tables, on top of computing',
    10,
    'percent',
    'hypervisor',
    'secondary',
    'Microsoft on 2008 R2, quoted by techgenix.com "Second Level Address Translation Benefits in Hyper-V R2"',
  ),

  // --- scheduling ---------------------------------------------------------------------------------------------
  row(
    'time-slice',
    'Time slice of a VP',
    10_000_000,
    'ns',
    'parameter',
    'assumed',
    'Round robin is documented (TLFS 2.0a chapter 18), its slice is not',
  ),
  row(
    'budget-period',
    'Period over which reserve and limit hold',
    50_000_000,
    'ns',
    'parameter',
    'assumed',
    'TLFS 2.0a §18 promises them only over hundredths of a second',
  ),
  row(
    'rate-period',
    'Period over which reserve and limit hold where limits are rates',
    1_000_000,
    'ns',
    'parameter',
    'assumed',
    'A rate would hold over any time; shorter periods only cost more switches',
  ),
  row(
    'wake-bonus',
    'Lead a VP may keep while it sleeps, at weight 100',
    10_000_000,
    'ns',
    'parameter',
    'assumed',
    'One time slice',
  ),
  row(
    'wake-granularity',
    'Lead over the running VP that preempts it, at weight 100',
    1_000_000,
    'ns',
    'parameter',
    'assumed',
    GUESS,
  ),

  row(
    'smt-throughput',
    'Throughput of two busy threads of a core, relative to one alone',
    125,
    'percent',
    'parameter',
    'recalled',
    'Marr et al., "Hyper-Threading Technology Architecture and Microarchitecture", Intel Technology Journal 6(1), 2002: up to 30 % more on servers',
  ),
  row(
    'smt-contention',
    'Busy without getting on: the sibling thread was busy, too',
    0,
    'ns',
    'child',
    'recalled',
    'Follows from smt-throughput',
  ),
  row(
    'cache-refill',
    'A VP that goes on on another core finds its caches cold',
    10_000,
    'ns',
    'child',
    'assumed',
    'Li, Ding and Shen, "Quantifying the Cost of Context Switch" (2007), as recalled: nothing to over 1,000 µs with the working set. Chosen low in that range',
  ),

  row(
    'numa-remote',
    'Memory on another NUMA node, on top of computing where all of it is',
    8,
    'percent',
    'child',
    'recalled',
    'Microsoft, "Best Practices for Virtualizing and Managing Exchange 2013": crossing the boundary of a node costs up to 8 %',
  ),
  row(
    'numa-lead',
    'Run time a VP must be behind to have an LP far from its memory before those at home there',
    20_000_000,
    'ns',
    'parameter',
    'assumed',
    'Two time slices',
  ),

  ...ARCHITECTURE_COSTS,

  // --- VMBus --------------------------------------------------------------------------------------------------
  row(
    'ring-storage',
    'Ring of a storage channel, each direction',
    131_072,
    'bytes',
    'parameter',
    'documented',
    'Linux storvsc_drv.c',
  ),
  row(
    'ring-network',
    'Ring of a network channel, each direction',
    524_288,
    'bytes',
    'parameter',
    'documented',
    'Linux netvsc_drv.c, 128 pages',
  ),
  row(
    'monitor-latency-storage',
    'A storage VSP hears of a trigger in the monitor page after; 0: signals are hypercalls',
    0,
    'ns',
    'parameter',
    'secondary',
    'openvmm, storvsp: its offers ask for no monitored notification',
  ),
  row(
    'monitor-latency-network',
    'A network VSP hears of a trigger in the monitor page after; 0: signals are hypercalls',
    100_000,
    'ns',
    'parameter',
    'secondary',
    'openvmm, netvsp: its offers ask for monitored notification with this latency',
  ),
  row(
    'service-message-parent',
    'Parent handles or writes one message of an integration service',
    3000,
    'ns',
    'parent',
    'assumed',
    GUESS,
  ),
  row(
    'service-message-child',
    'Guest answers one message of an integration service',
    5000,
    'ns',
    'child',
    'assumed',
    GUESS,
  ),
  row('vmbus-message-parent', 'Parent handles or writes one VMBus message', 3000, 'ns', 'parent', 'assumed', GUESS),
  row('vmbus-message-child', 'Guest handles one VMBus message', 3000, 'ns', 'child', 'assumed', GUESS),
  row(
    'storage-vps-per-channel',
    'VPs of a guest that share one channel of a SCSI controller (Windows Server 2012 on)',
    4,
    'count',
    'parameter',
    'secondary',
    'Linux storvsc_drv.c, storvsc_vcpus_per_sub_channel; assumed for Windows guests',
  ),
  row(
    'network-channels',
    'Channels of a network adapter, at most one for each VP (Windows Server 2012 R2 on)',
    8,
    'count',
    'parameter',
    'secondary',
    'Linux hyperv_net.h, VRSS_CHANNEL_DEFAULT; assumed for Windows guests',
  ),
  row('vsp-batch', 'Packets a VSP takes from a ring at once', 32, 'count', 'parameter', 'assumed', GUESS),
  row('vsc-interrupt', 'Front end (VSC) handles an interrupt of its channel', 1500, 'ns', 'child', 'assumed', GUESS),
  row(
    'vsc-storage-request',
    'Front end (VSC) builds and writes one storage request',
    4000,
    'ns',
    'child',
    'assumed',
    GUESS,
  ),
  row(
    'vsp-storage-request',
    'Back end (VSP) takes one storage request to the disk',
    4000,
    'ns',
    'parent',
    'assumed',
    GUESS,
  ),
  row('vsp-storage-completion', 'Back end (VSP) completes one storage request', 4000, 'ns', 'parent', 'assumed', GUESS),
  row('vsc-network-send', 'Front end (VSC) builds and writes one send', 3000, 'ns', 'child', 'assumed', GUESS),
  row('vsp-network-send', 'Back end (VSP) takes one send through the switch', 5000, 'ns', 'parent', 'assumed', GUESS),
  row('vsp-network-completion', 'Back end (VSP) completes one send', 1500, 'ns', 'parent', 'assumed', GUESS),

  ...DEVICE_COSTS,
  ...NETWORK_COSTS,
  ...MEMORY_COSTS,
  ...LIFE_COSTS,
  ...MIGRATION_COSTS,

  // --- starting a host ----------------------------------------------------------------------------------------
  row('boot-firmware', 'Firmware self test', 45_000_000_000, 'ns', 'device', 'assumed', GUESS),
  row('boot-metal', 'Operating system starts on the metal', 40_000_000_000, 'ns', 'device', 'assumed', GUESS),
  row('boot-role', 'Hypervisor role is staged', 60_000_000_000, 'ns', 'device', 'assumed', GUESS),
  row('boot-launch', 'Hypervisor starts at ring -1', 500_000_000, 'ns', 'device', 'assumed', GUESS),
  row('boot-root', 'Operating system starts in the root partition', 40_000_000_000, 'ns', 'device', 'assumed', GUESS),
  row('boot-service', 'One service of the parent starts', 2_000_000_000, 'ns', 'device', 'assumed', GUESS),

  // --- starting and stopping a child --------------------------------------------------------------------------
  row('create-partition', 'HvCreatePartition and its worker process', 150_000_000, 'ns', 'device', 'assumed', GUESS),
  row('create-step', 'One further step of creating a partition', 2_000_000, 'ns', 'device', 'assumed', GUESS),
  row('create-map-gigabyte', 'HvMapGpaPages, each GB', 20_000_000, 'ns', 'device', 'assumed', GUESS),
  row('guest-firmware', 'Firmware of a child', 2_000_000_000, 'ns', 'device', 'assumed', GUESS),
  row(
    'guest-boot',
    'A guest operating system starts: computing on its VP 0',
    6_000_000_000,
    'ns',
    'child',
    'assumed',
    GUESS,
  ),
  row(
    'guest-loader-bytes',
    'A guest operating system starts: read before its own drivers are loaded, on generation 1 from the emulated disk',
    16_777_216,
    'bytes',
    'parameter',
    'assumed',
    GUESS,
  ),
  row('guest-loader-read', 'One read of them', 65_536, 'bytes', 'parameter', 'assumed', 'Largest read of a BIOS call'),
  row(
    'guest-boot-bytes',
    'A guest operating system starts: read by its own drivers',
    268_435_456,
    'bytes',
    'parameter',
    'assumed',
    GUESS,
  ),
  row('guest-boot-read', 'One read of them', 131_072, 'bytes', 'parameter', 'assumed', GUESS),
  row(
    'guest-shutdown',
    'A guest operating system shuts down: computing on its VP 0',
    2_000_000_000,
    'ns',
    'child',
    'assumed',
    GUESS,
  ),
  row('workload', 'The work itself', 0, 'ns', 'child', 'documented', 'The file: cpu of the workload'),
] as const satisfies readonly CostRow[];

/** Id of a row; a file that names another gets a diagnostic. */
export type CostId = (typeof table)[number]['id'];

/** Every cost of the engine, in the order in which it is shown. */
export const COSTS: readonly CostRow[] = table;
