import type { Child, HostModel, VirtualDisk, Workload } from '../../../src/model/host-model.js';
import type { Scenario } from '../../../src/model/scenario.js';
import type { RunOptions } from '../../../src/protocol/protocol.js';
import type { MigrationRecord } from '../../../src/protocol/run-result.js';
import { child, host, INSTANT, nic, type Ran, run, scenario, withCosts, workload } from '../hosts.js';

const GB = 1024 ** 3;
export const PAGE = 4096;
export const S = 1e9;

export function sanDisk(): VirtualDisk {
  return {
    file: 'web.vhd',
    bytes: 20e9,
    format: 'vhd',
    allocation: 'fixed',
    physicalDisk: 'san',
    controller: 'scsi',
    slot: 0,
  };
}

export interface TwoHosts {
  work?: Partial<Workload>;
  memoryBytes?: number;
  bitsPerSecond?: number;
  costs?: Record<string, number>;
  release?: string;
  web?: Partial<Child>;
  /** What the hosts are beside equal. */
  first?: Partial<HostModel>;
  second?: Partial<HostModel>;
}

/** Two equal hosts with a shared disk and a network for migrations; `web` belongs to the first. */
export function twoHosts(said: TwoHosts = {}): { first: HostModel; second: HostModel } {
  const { work = {}, memoryBytes = GB, bitsPerSecond = 1e9, costs = {}, release = '2008R2', web = {} } = said;
  const base = host();
  const hardware = {
    ...base.hardware,
    disks: [
      ...base.hardware.disks,
      { name: 'san', title: 'LUN', bytes: 2e12, medium: 'ssd' as const, shared: true as const },
    ],
    nics: [...base.hardware.nics, { name: 'lan2', title: 'NIC', bitsPerSecond }],
  };
  const empty = withCosts(
    { ...base, hardware, hypervisor: { ...base.hypervisor, release }, migration: { nic: 'lan2' } },
    INSTANT,
    { 'migration-setup': 0, ...costs },
  );
  const own = child('web', {
    memory: { kind: 'static', startupBytes: memoryBytes },
    disks: [sanDisk()],
    nics: [nic()],
    workload: workload(work),
    ...web,
  });
  return {
    first: { ...empty, name: 'First', children: [own], ...said.first },
    second: { ...empty, name: 'Second', ...said.second },
  };
}

/** Plays steps on the first of two hosts. */
export function play(said: TwoHosts, parts: Partial<Scenario>, options: Partial<RunOptions> = {}): Ran {
  const { first, second } = twoHosts(said);
  const model = { ...first, scenarios: [scenario(parts)], peers: [second] };
  return run(model, { scenario: 'S', ...options });
}

export function migrate(atNs: number, to = 'Second'): Scenario['steps'][number] {
  return { atNs, action: { kind: 'migrate', child: 'web', to, mode: null } };
}

export function start(atNs = 0): Scenario['steps'][number] {
  return { atNs, action: { kind: 'life', verb: 'start', target: { kind: 'all' } } };
}

export function onlyMigration({ result }: Ran): MigrationRecord {
  const { migrations = [] } = result;
  if (migrations.length !== 1) throw new Error(`${migrations.length} migrations`);
  return migrations[0]!;
}
