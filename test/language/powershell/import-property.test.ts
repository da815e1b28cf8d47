import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EmptyFileSystemProvider } from 'langium';
import { formatText } from '../../../src/language/format-text.js';
import { importHost } from '../../../src/language/powershell/import/import-host.js';
import { type CheckedFile, openProject } from '../../../src/language/project.js';
import type { Child, HostModel } from '../../../src/model/host-model.js';

const MB = 1024 ** 2;

class OneFile extends EmptyFileSystemProvider {
  constructor(private readonly text: string) {
    super();
  }

  override async readFile(): Promise<string> {
    return this.text;
  }
}

const check = (text: string): Promise<CheckedFile> => openProject(new OneFile(text)).check('file:///host.hvhost');

/** Names of machines: free text, words of the language, and names that collide when they are simplified. */
const name = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== ''),
  fc.constantFrom('all', 'parent', 'memory', 'on', 'host', 'a b', 'a-b', 'a/b', '2022', '日本', 'Zoë', '"', '//', '{}'),
);

const bytes = fc.integer({ min: MB, max: 2 ** 45 });

const memory = fc.oneof(
  bytes.map((startup) => ({ DynamicMemoryEnabled: false, Startup: startup })),
  fc
    .record({
      sizes: fc.tuple(bytes, bytes, bytes),
      Buffer: fc.integer({ min: 5, max: 2000 }),
      Priority: fc.integer({ min: 0, max: 100 }),
    })
    .map(({ sizes, Buffer, Priority }) => {
      const [Minimum = MB, Startup = MB, Maximum = MB] = [...sizes].sort((a, b) => a - b);
      return { DynamicMemoryEnabled: true, Startup, Minimum, Maximum, Buffer, Priority };
    }),
);

const processor = fc
  .record({
    Count: fc.integer({ min: 1, max: 64 }),
    shares: fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 })),
    RelativeWeight: fc.integer({ min: 1, max: 10_000 }),
  })
  .map(({ Count, shares, RelativeWeight }) => ({
    Count,
    Reserve: Math.min(...shares),
    Maximum: Math.max(...shares),
    RelativeWeight,
  }));

const machine = fc.record({
  name,
  generation: fc.constantFrom(1, 2),
  memory,
  processor,
  sizes: fc.array(fc.record({ size: fc.integer({ min: 1, max: 2 ** 50 }), fixed: fc.boolean() }), { maxLength: 4 }),
  vlans: fc.array(fc.integer({ min: 0, max: 4094 }), { maxLength: 3 }),
  start: fc.constantFrom('Nothing', 'StartIfRunning', 'Start'),
  delay: fc.integer({ min: 0, max: 100_000 }),
  stop: fc.constantFrom('TurnOff', 'Save', 'ShutDown'),
  off: fc.uniqueArray(fc.constantFrom('Heartbeat', 'Shutdown', 'Time Synchronization', 'VSS')),
});

const host = fc.record({
  machines: fc.array(machine, { maxLength: 6 }),
  sockets: fc.integer({ min: 1, max: 8 }),
  cores: fc.integer({ min: 1, max: 64 }),
  threads: fc.constantFrom(1, 2),
  megahertz: fc.integer({ min: 100, max: 6000 }),
  memoryBytes: bytes,
  disk: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  speed: fc.integer({ min: 1, max: 1e13 }),
  spanning: fc.boolean(),
});
type Drawn = typeof host extends fc.Arbitrary<infer Value> ? Value : never;

/** The document that the script would write of it. */
function documentOf(drawn: Drawn): object {
  return {
    Computer: { Name: 'HV1' },
    OperatingSystem: { Caption: 'Microsoft Windows Server 2022', BuildNumber: 20348, InstallationType: 'Server' },
    Processors: Array.from({ length: drawn.sockets }, () => ({
      NumberOfCores: drawn.cores,
      NumberOfLogicalProcessors: drawn.cores * drawn.threads,
      MaxClockSpeed: drawn.megahertz,
    })),
    VMHost: { MemoryCapacity: drawn.memoryBytes, NumaSpanningEnabled: drawn.spanning },
    Disks: { Index: 0, Size: drawn.disk },
    Volumes: { Drive: 'D:', Disk: 0 },
    Adapters: { Name: 'Adapter', NetConnectionID: 'Ethernet', Speed: drawn.speed },
    Switches: { Name: 'Lan', SwitchType: 2, NetAdapterInterfaceDescription: 'Adapter' },
    VMs: drawn.machines.map((each, index) => ({
      VM: {
        Name: each.name,
        Generation: each.generation,
        AutomaticStartAction: each.start,
        AutomaticStartDelay: each.delay,
        AutomaticStopAction: each.stop,
      },
      GuestOperatingSystem: 'Windows Server 2022',
      Memory: each.memory,
      Processor: each.processor,
      HardDisks: each.sizes.map(({ size, fixed }, place) => ({
        ControllerType: each.generation === 1 ? 'IDE' : 'SCSI',
        ControllerNumber: each.generation === 1 ? place >> 1 : 0,
        ControllerLocation: each.generation === 1 ? place & 1 : place,
        Path: `D:\\${index}\\${place}.vhdx`,
        Vhd: { Size: size, VhdType: fixed ? 'Fixed' : 'Dynamic' },
      })),
      NetworkAdapters: each.vlans.map((vlan) => ({
        SwitchName: 'Lan',
        Vlan: { OperationMode: vlan === 0 ? 0 : 1, AccessVlanId: vlan },
      })),
      IntegrationServices: each.off.map((service) => ({ Name: service, Enabled: false })),
    })),
  };
}

const STARTS = { Nothing: 'never', StartIfRunning: 'if-running', Start: 'always' };
const STOPS = { TurnOff: 'turn-off', Save: 'save', ShutDown: 'shut-down' };

/** What the model must say of a machine. */
function expectedChild(each: Drawn['machines'][number], index: number): Partial<Child> {
  const { memory: drawn, generation } = each;
  return {
    generation: generation === 2 ? 2 : 1,
    processors: {
      count: each.processor.Count,
      reservePercent: each.processor.Reserve,
      limitPercent: each.processor.Maximum,
      weight: each.processor.RelativeWeight,
    },
    memory:
      'Minimum' in drawn
        ? {
            kind: 'dynamic',
            startupBytes: drawn.Startup,
            minimumBytes: drawn.Minimum,
            maximumBytes: drawn.Maximum,
            bufferPercent: drawn.Buffer,
            priority: drawn.Priority,
          }
        : { kind: 'static', startupBytes: drawn.Startup },
    disks: each.sizes.map(({ size, fixed }, slot) => ({
      file: `D:\\${index}\\${slot}.vhdx`,
      bytes: size,
      format: 'vhdx',
      allocation: fixed ? 'fixed' : 'dynamic',
      physicalDisk: 'disk0',
      controller: generation === 1 ? 'ide' : 'scsi',
      slot,
    })),
    nics: each.vlans.map((vlan) => ({ switch: 'Lan', kind: 'synthetic', vlan: vlan === 0 ? null : vlan })),
    integrationServicesOff: each.off,
    start: { action: STARTS[each.start as keyof typeof STARTS] as Child['start']['action'], delayNs: each.delay * 1e9 },
    stop: STOPS[each.stop as keyof typeof STOPS] as Child['stop'],
  };
}

function pick(child: Child | undefined, like: Partial<Child>): Partial<Child> {
  const entries = Object.entries(child ?? {}).filter(([key]) => key in like);
  return Object.fromEntries(entries);
}

function assertHolds(model: HostModel | undefined, drawn: Drawn): void {
  assert.ok(model);
  const { processor, memory: physical, disks, nics } = model.hardware;
  assert.deepEqual(
    [processor.sockets, processor.coresPerSocket, processor.threadsPerCore, processor.frequencyHz],
    [drawn.sockets, drawn.cores, drawn.threads, drawn.megahertz * 1e6],
  );
  assert.equal(physical.bytes, drawn.memoryBytes);
  assert.deepEqual([disks[0]?.bytes, nics[0]?.bitsPerSecond], [drawn.disk, drawn.speed]);
  assert.equal(model.hypervisor.numaSpanning, drawn.spanning ? undefined : false);
  assert.equal(model.children.length, drawn.machines.length);
  drawn.machines.forEach((each, index) => {
    const expected = expectedChild(each, index);
    assert.deepEqual(pick(model.children[index], expected), expected);
  });
}

describe('any host', () => {
  it('holds in its model what its document said', async () => {
    await fc.assert(
      fc.asyncProperty(host, async (drawn) => {
        const text = await formatText(importHost(new TextEncoder().encode(JSON.stringify(documentOf(drawn)))));
        assert.ok(text !== null);
        const { diagnostics, hosts } = await check(text);
        // What does not fit or is beyond a limit is the host's own fault; the text is none.
        const faults = diagnostics.filter(({ severity, code }) => severity === 1 && /HV[012]/.test(String(code)));
        assert.deepEqual(
          faults.map(({ message }) => message),
          [],
        );
        assertHolds(hosts[0], drawn);
      }),
      { numRuns: 60 },
    );
  });

  it('never crashes on a document of any shape', () => {
    const keys = fc.constantFrom(
      'VMs',
      'VM',
      'Name',
      'Memory',
      'Startup',
      'HardDisks',
      'Disks',
      'Switches',
      'Vhd',
      'Size',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: 'small' }, fc.constantFrom(null, true, 1, -1, 'x', ''), tie('object'), tie('list')),
      object: fc.dictionary(keys, tie('tree')),
      list: fc.array(tie('tree'), { maxLength: 3 }),
    }));
    fc.assert(
      fc.property(tree, (document) => {
        try {
          assert.equal(typeof importHost(new TextEncoder().encode(JSON.stringify(document))), 'string');
        } catch (error) {
          assert.equal((error as Error).constructor.name, 'ImportError');
        }
      }),
    );
  });
});
