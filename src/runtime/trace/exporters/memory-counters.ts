import { type Counter, counterObject } from './counter.js';
import { childrenThatExist, dynamicChildren, memoryBalancer } from './instances.js';

const RATIO = 0.01;
const MB = 1024 ** 2;
const PAGE = 4096;

/** What Hyper-V counts of the memory of its children. */
export const MEMORY_COUNTERS: readonly Counter[] = [
  ...counterObject('Hyper-V Dynamic Memory VM', childrenThatExist, [
    [
      'Physical Memory',
      'secondary',
      'hyperv_dynamic_memory_vm_physical_memory_bytes',
      MB,
      'Memory assigned to a child.',
      (child) => child.memory.assignedBytes / MB,
    ],
  ]),
  ...counterObject('Hyper-V Dynamic Memory VM', dynamicChildren, [
    [
      'Guest Visible Physical Memory',
      'recalled',
      'hyperv_dynamic_memory_vm_guest_visible_physical_memory_bytes',
      MB,
      'Memory a child has been shown so far; a balloon does not take from it.',
      (memory) => memory.visibleBytes / MB,
    ],
    [
      'Minimum Memory',
      'recalled',
      'hyperv_dynamic_memory_vm_minimum_memory_bytes',
      MB,
      'Least memory of a child.',
      (memory) => memory.minimumBytes / MB,
    ],
    [
      'Maximum Memory',
      'recalled',
      'hyperv_dynamic_memory_vm_maximum_memory_bytes',
      MB,
      'Most memory of a child.',
      (memory) => memory.maximumBytes / MB,
    ],
    [
      'Current Pressure',
      'recalled',
      'hyperv_dynamic_memory_vm_current_pressure_ratio',
      RATIO,
      'Memory demanded by a child as a share of what it has.',
      (memory) => memory.pressurePercent,
    ],
    [
      'Average Pressure',
      'recalled',
      'hyperv_dynamic_memory_vm_average_pressure_ratio',
      RATIO,
      'The pressure, averaged over the last reports of the guest.',
      (memory) => memory.averagePressurePercent,
    ],
    [
      'Memory Add Operations',
      'recalled',
      'hyperv_dynamic_memory_vm_memory_add_operations',
      1,
      'Times a child was given memory since power-on.',
      (memory) => memory.addOperations,
    ],
    [
      'Memory Remove Operations',
      'recalled',
      'hyperv_dynamic_memory_vm_memory_remove_operations',
      1,
      'Times a child gave up memory since power-on.',
      (memory) => memory.removeOperations,
    ],
    [
      'Smart Paging Working Set Size',
      'recalled',
      'hyperv_dynamic_memory_vm_smart_paging_working_set_bytes',
      MB,
      'Startup memory of a child that a file of the parent lends.',
      (memory) => memory.smartPagingBytes / MB,
    ],
  ]),
  ...counterObject('Hyper-V Dynamic Memory Balancer', memoryBalancer, [
    [
      'Available Memory',
      'recalled',
      'hyperv_dynamic_memory_balancer_available_memory_bytes',
      MB,
      'Memory the balancer has left to give.',
      (balancer) => balancer.availableBytes / MB,
    ],
    [
      'Average Pressure',
      'recalled',
      'hyperv_dynamic_memory_balancer_average_pressure_ratio',
      RATIO,
      'Mean of the average pressures of the children it balances.',
      (balancer) => balancer.averagePressurePercent,
    ],
  ]),
  ...counterObject('Hyper-V VM Vid Partition', childrenThatExist, [
    [
      'Physical Pages Allocated',
      'documented',
      'hyperv_vm_vid_partition_physical_pages_allocated',
      1,
      'Pages of 4 KB that a child has.',
      (child) => child.memory.assignedBytes / PAGE,
    ],
    [
      'Remote Physical Pages',
      'documented',
      'hyperv_vm_vid_partition_remote_physical_pages',
      1,
      'Pages of a child on other NUMA nodes than its own.',
      (child) => child.memory.remoteBytes / PAGE,
    ],
  ]),
];
