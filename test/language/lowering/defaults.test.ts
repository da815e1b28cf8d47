import assert from 'node:assert/strict';
import { openProject } from '../../../src/language/project.js';
import type { HostModel } from '../../../src/model/host-model.js';
import { HARDWARE, MemoryFileSystem } from '../workbench.js';

async function modelsOf(text: string): Promise<HostModel[]> {
  const project = openProject(new MemoryFileSystem({ '/test.hvhost': `${HARDWARE}\n${text}` }));
  return (await project.check('file:///test.hvhost')).hosts;
}

async function modelOf(text: string): Promise<HostModel> {
  const [model] = await modelsOf(text);
  assert.ok(model, 'the host has no model');
  return model;
}

const child = async (text: string, hypervisor = 'hyper-v 2025') => {
  const { children } = await modelOf(`host H on Box { hypervisor ${hypervisor} switch S internal child c ${text} }`);
  assert.ok(children[0]);
  return children[0];
};

describe('lowering', () => {
  it('gives a host without a parent the parent of its release', async () => {
    const { parent } = await modelOf('host H on Box { hypervisor hyper-v 2012R2 }');
    assert.deepEqual(parent, {
      operatingSystem: 'Windows Server 2012 R2',
      flavour: 'full',
      virtualProcessors: null,
      reserve: { policy: 'default', cpuPercent: 20, memoryBytes: 2 * 1024 ** 3 },
    });
  });

  it('takes a comment for the documentation of what begins the next line, and of nothing behind that', async () => {
    const host = await modelOf(
      '// The host.\nhost H on Box { switch S internal child c "Debian" { }\n// The child.\nchild d "Debian" { } }',
    );
    assert.equal(host.documentation, 'The host.');
    assert.deepEqual(
      [...host.switches, ...host.children].map(({ documentation }) => documentation),
      [undefined, undefined, 'The child.'],
    );
  });

  it('gives esxi no parent', async () => {
    assert.equal((await modelOf('host H on Box { hypervisor esxi 5 }')).parent, null);
  });

  it('computes an automatic reserve from the memory of the host', async () => {
    const { parent } = await modelOf(
      'host H on Box { hypervisor hyper-v 2025 parent "Windows Server 2025" { reserve automatic } }',
    );
    assert.deepEqual(parent?.reserve, { policy: 'automatic', cpuPercent: 0, memoryBytes: (384 + 30 * 64) * 1024 ** 2 });
  });

  it('keeps the default of what a reserve does not say', async () => {
    const { parent } = await modelOf(
      'host H on Box { hypervisor hyper-v 2025 parent "x" hyper-v server { reserve memory 4 GB processors 8 } }',
    );
    assert.deepEqual(parent?.reserve, { policy: 'manual', cpuPercent: 20, memoryBytes: 4 * 1024 ** 3 });
    assert.equal(parent?.flavour, 'hyper-v-server');
    assert.equal(parent?.virtualProcessors, 8);
  });

  it('keeps how clients think, where the file says it', async () => {
    const arrivalOf = async (think: string) => {
      const text = `workload W { clients 3 think ${think} cpu 1 ms } host H on Box { hypervisor kvm child c "Debian" { runs W } }`;
      return (await modelOf(text)).children[0]?.workload?.arrival;
    };
    const closed = { kind: 'closed', clients: 3, thinkNs: 500e6 };
    assert.deepEqual(await arrivalOf('500 ms'), closed);
    assert.deepEqual(await arrivalOf('500 ms exponential'), { ...closed, thinkDistribution: 'exponential' });
  });

  it('gives a child that says nothing what New-VM gives', async () => {
    assert.deepEqual(await child('"Debian"'), {
      name: 'c',
      operatingSystem: 'Debian',
      kind: 'enlightened',
      generation: 1,
      processors: { count: 1, reservePercent: 0, limitPercent: 100, weight: 100 },
      memory: { kind: 'static', startupBytes: 512 * 1024 ** 2 },
      disks: [],
      nics: [],
      integrationServicesOff: [],
      start: { action: 'always', delayNs: 0 },
      stop: 'shut-down',
    });
  });

  it('starts dynamic memory at its minimum', async () => {
    assert.deepEqual((await child('"Debian" { memory 1 GB to 8 GB }')).memory, {
      kind: 'dynamic',
      startupBytes: 1024 ** 3,
      minimumBytes: 1024 ** 3,
      maximumBytes: 8 * 1024 ** 3,
      bufferPercent: 20,
      priority: 50,
    });
  });

  it('takes a child that boots a kernel for a machine', async () => {
    const { kind, boots } = await child('"Debian" { boots kernel "vmlinuz" initrd "initrd.img" command line "quiet" }');
    assert.equal(kind, 'machine');
    assert.deepEqual(boots, { kernel: 'vmlinuz', initrd: 'initrd.img', commandLine: 'quiet' });
  });

  it('gives legacy children legacy adapters', async () => {
    const { nics } = await child('"MS-DOS" legacy { nic on S  nic on S vlan 7 }');
    assert.deepEqual(nics, [
      { switch: 'S', kind: 'legacy', vlan: null },
      { switch: 'S', kind: 'legacy', vlan: 7 },
    ]);
  });

  it('counts slots for each controller and takes formats from endings and releases', async () => {
    const body =
      '{ disk "a" 1 GB on d0 via ide disk "b.vhdx" 1 GB fixed on d0 disk "C:\\vm\\c.VHD" 1 GB differencing from "base.vhd" on d0 disk "raid" 1 GB pass-through on d0 via ide }';
    const { disks } = await child(`"Debian" ${body}`);
    assert.deepEqual(
      disks.map(({ file, format, allocation, base, controller, slot }) => [
        file,
        format,
        allocation,
        base,
        controller,
        slot,
      ]),
      [
        ['a', 'vhdx', 'dynamic', undefined, 'ide', 0],
        ['b.vhdx', 'vhdx', 'fixed', undefined, 'scsi', 0],
        ['C:\\vm\\c.VHD', 'vhd', 'differencing', 'base.vhd', 'scsi', 1],
        ['raid', 'raw', 'pass-through', undefined, 'ide', 1],
      ],
    );
    const [old] = (await child('"Windows 7" { disk "a" 1 GB on d0 via ide }', 'hyper-v 2008R2')).disks;
    assert.equal(old?.format, 'vhd');
  });

  it('reads start and stop actions', async () => {
    const one = await child('"Debian" { start if running after 30 s stop turn off }');
    assert.deepEqual([one.start, one.stop], [{ action: 'if-running', delayNs: 30e9 }, 'turn-off']);
    const two = await child('"Debian" { start never stop save }');
    assert.deepEqual([two.start.action, two.stop], ['never', 'save']);
  });

  it('keeps the scheduler, the product and the costs of a hypervisor', async () => {
    const { hypervisor } = await modelOf(
      'host H on Box { hypervisor hosted "VMware Workstation" { scheduler core cost "vm-exit" 0.9 us } }',
    );
    assert.deepEqual(hypervisor, {
      architecture: 'hosted',
      release: null,
      product: 'VMware Workstation',
      scheduler: 'core',
      costsNs: { 'vm-exit': 900 },
    });
  });

  it('puts the steps of a scenario in order and keeps the words of expectations', async () => {
    const { scenarios } = await modelOf(`host H on Box { child c "Debian" { runs W } }
      workload W { requests 10 / s cpu 1 ms }
      scenario S on H { at 9 s turn off c  at 1 s c requests 60 / min
        expect c latency p95 <= 4 ms   between 2 s and 1 min
        expect parent cpu < 25 %  expect all children stopped after 10 s }`);
    assert.deepEqual(scenarios, [
      {
        name: 'S',
        steps: [
          { atNs: 1e9, action: { kind: 'rate', child: 'c', requestsPerSecond: 1 } },
          { atNs: 9e9, action: { kind: 'life', verb: 'turn-off', target: { kind: 'child', name: 'c' } } },
        ],
        expectations: [
          {
            text: 'c latency p95 <= 4 ms between 2 s and 1 min',
            fromNs: 2e9,
            toNs: 60e9,
            kind: 'metric',
            target: { kind: 'child', name: 'c' },
            metric: 'latency',
            statistic: 'p95',
            comparison: '<=',
            value: 4e6,
          },
          {
            text: 'parent cpu < 25 %',
            fromNs: 0,
            toNs: null,
            kind: 'metric',
            target: { kind: 'parent' },
            metric: 'cpu',
            statistic: 'mean',
            comparison: '<',
            value: 25,
          },
          {
            text: 'all children stopped after 10 s',
            fromNs: 10e9,
            toNs: null,
            kind: 'state',
            target: { kind: 'all' },
            state: 'stopped',
          },
        ],
      },
    ]);
  });

  it('gives every host the benchmarks that name none, and its own', async () => {
    const [a, b] = await modelsOf(`host A on Box { } host B on Box { }
      benchmark Any { compare kvm, xen 4 measure host cpu } benchmark Own on B { compare kvm, esxi measure latency }`);
    assert.deepEqual(
      a?.benchmarks.map(({ name }) => name),
      ['Any'],
    );
    assert.deepEqual(
      b?.benchmarks.map(({ name, measure }) => [name, measure]),
      [
        ['Any', ['host cpu']],
        ['Own', ['latency']],
      ],
    );
  });

  it('has no model of a host with a fault', async () => {
    assert.deepEqual(await modelsOf('host H on Box { child c "x" { memory 5 } }'), []);
    assert.deepEqual(await modelsOf('host H on Nowhere { }'), []);
    assert.deepEqual(await modelsOf('host H on Box { child c "x" { } child c "y" { } }'), []);
    assert.deepEqual(await modelsOf('host H on Box { child c "x" { } banana }'), []);
  });

  it('reads MHz and shares of a whole machine on esxi as percentages and weight of each VP', async () => {
    const shares = async (text: string) => (await child(`"Debian" { processors 2 ${text} }`, 'esxi 5')).processors;
    const hz = (await modelOf('host H on Box { hypervisor esxi 5 }')).hardware.processor.frequencyHz;
    const halfMhz = hz / 1e6 / 2;
    assert.deepEqual(await shares(`reserve ${halfMhz} MHz limit ${halfMhz * 3} MHz shares high`), {
      count: 2,
      reservePercent: 25,
      limitPercent: 75,
      weight: 200,
    });
    assert.equal((await shares('shares 1000')).weight, 50);
    assert.equal((await shares('shares low')).weight, 50);
    assert.deepEqual(
      await shares('reserve 25 % limit 75 % weight 200'),
      await shares('reserve 25 % limit 75 % shares high'),
    );
  });

  it('takes the ideal scheduler on every architecture', async () => {
    for (const hypervisor of ['hyper-v 2008R2', 'xen 4', 'hosted "VMware Workstation"']) {
      const model = await modelOf(`host H on Box { hypervisor ${hypervisor} { scheduler ideal } }`);
      assert.equal(model.hypervisor.scheduler, 'ideal');
    }
  });

  it('says how limits are kept only where the file does', async () => {
    const limits = async (text: string) =>
      (await modelOf(`host H on Box { hypervisor hyper-v 2025 ${text} }`)).hypervisor.limits;
    assert.equal(await limits('{ limits as rate }'), 'rate');
    assert.equal(await limits(''), undefined);
  });
});
