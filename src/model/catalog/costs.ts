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
import { SCHEDULING_COSTS } from './costs-scheduling.js';
import { VMBUS_COSTS } from './costs-vmbus.js';

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

  ...SCHEDULING_COSTS,
  ...ARCHITECTURE_COSTS,
  ...VMBUS_COSTS,
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
  row(
    'empty-request',
    'A client whose request took less than a microsecond asks again after',
    1_000_000,
    'ns',
    'parameter',
    'assumed',
    'Nothing was done for it, as when its device was unplugged; time would stand still while clients who do not think ask on',
  ),
  row('workload', 'The work itself', 0, 'ns', 'child', 'documented', 'The file: cpu of the workload'),
] as const satisfies readonly CostRow[];

/** Id of a row; a file that names another gets a diagnostic. */
export type CostId = (typeof table)[number]['id'];

/** Every cost of the engine, in the order in which it is shown. */
export const COSTS: readonly CostRow[] = table;
