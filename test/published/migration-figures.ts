import type { MigrationRecord } from '../../src/protocol/run-result.js';
import { child, run, scenario } from '../runtime/hosts.js';
import { sanDisk, twoHosts } from '../runtime/migration/two-hosts.js';
import type { PublishedFigure } from './figure.js';

const MB = 1024 ** 2;
const S = 1e9;
const FINN =
  'Finn, "Windows Server 2012 Hyper-V Concurrent Live Migration & NIC Teaming Speed Comparisons", aidanfinn.com';
const IBM = 'IBM, NetApp and Intel, "Evaluating Microsoft Hyper-V Live Migration Performance", June 2011';
const SAVILL = 'Savill, "Understand Bandwidth Usage on 10Gbps Network Adapters", windowsitpro.com';
const ALL_OF_IT =
  'Ours carries all of the memory, which takes about 90 s for 20 machines as fast as theirs was measured to go; some of it they do not seem to have sent.';
const AGREEMENT =
  'What the hosts need to agree and to make the machine is assumed to take half a second. Theirs seem to take some seconds, whatever the network.';
const NOT_THE_WIRE =
  'All of the memory takes 9.0 s on this wire, which ours fills; what kept theirs from it is not known.';

/** What the hosts need to agree. */
const AGREED_S = 0.5;

/** Idle machines that migrate all at once. */
function migrations(machines: number, megabytes: number, bitsPerSecond: number, release: string): MigrationRecord[] {
  const { first, second } = twoHosts({ bitsPerSecond, release, costs: { 'migration-setup': AGREED_S * S } });
  const names = Array.from({ length: machines }, (_, i) => `vm${i}`);
  const children = names.map((name) =>
    child(name, {
      memory: { kind: 'static', startupBytes: megabytes * MB },
      disks: [{ ...sanDisk(), file: `${name}.vhd` }],
    }),
  );
  const steps = [
    { atNs: 0, action: { kind: 'life', verb: 'start', target: { kind: 'all' } } as const },
    ...names.map((name) => ({
      atNs: 10 * S,
      action: { kind: 'migrate', child: name, to: 'Second', mode: null } as const,
    })),
  ];
  const memory = { ...first.hardware.memory, bytes: 64 * 1024 * MB };
  const roomy = { hardware: { ...first.hardware, memory } };
  const model = { ...first, ...roomy, children, scenarios: [scenario({ steps })], peers: [{ ...second, ...roomy }] };
  const { result } = run(model, { scenario: 'S', horizonNs: 150 * S, snapshotEveryNs: 10 * S });
  return result.migrations ?? [];
}

/** Seconds until the last of them has moved. */
function seconds(machines: number, megabytes: number, bitsPerSecond: number, release: string): number {
  return Math.max(...migrations(machines, megabytes, bitsPerSecond, release).map(({ totalNs }) => totalNs)) / 1e9;
}

/** What 1,460 bytes of memory are on a wire. */
const ON_WIRE = 1538 / 1460;

/** How much of the wire machines of 4 GB that migrate at once over 10 Gb/s take together, in Gb/s, once the hosts have agreed. */
function throughput(machines: number): number {
  const bits = machines * 4096 * MB * 8 * ON_WIRE;
  return bits / 1e9 / (seconds(machines, 4096, 10e9, '2012') - AGREED_S);
}

function figure(
  title: string,
  published: number,
  machines: number,
  remark: string,
  bitsPerSecond = 1e9,
): PublishedFigure {
  return {
    title,
    unit: 's',
    lowest: published,
    highest: published,
    source: FINN,
    standing: 'secondary',
    role: 'predicted',
    measure: () => seconds(machines, 512, bitsPerSecond, '2012'),
    remark,
  };
}

export const MIGRATION_FIGURES: PublishedFigure[] = [
  figure('Live migration of one machine with 512 MB over 1 Gb/s', 7, 1, AGREEMENT),
  figure('Live migration of 20 machines with 512 MB at once over 1 Gb/s', 80, 20, ALL_OF_IT),
  {
    title: 'Live migration over 10 Gb/s is shorter than over 1 Gb/s by',
    unit: '%',
    lowest: 0,
    highest: 82,
    source: IBM,
    standing: 'documented',
    role: 'predicted',
    measure: () => 100 * (1 - seconds(1, 4096, 10e9, '2008R2') / seconds(1, 4096, 1e9, '2008R2')),
  },
  {
    title: 'One live migration over 10 Gb/s goes at',
    unit: 'Gb/s',
    lowest: 4,
    highest: 4,
    source: SAVILL,
    standing: 'secondary',
    role: 'calibrated',
    measure: () => throughput(1),
  },
  {
    title: 'Four live migrations at once over 10 Gb/s go together at',
    unit: 'Gb/s',
    lowest: 10,
    highest: 10,
    source: SAVILL,
    standing: 'secondary',
    role: 'predicted',
    measure: () => throughput(4),
  },
  figure('Live migration of one machine with 512 MB over 10 Gb/s', 5, 1, AGREEMENT, 10e9),
  figure('Live migration of 20 machines with 512 MB at once over 10 Gb/s', 21, 20, NOT_THE_WIRE, 10e9),
];
