import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { NodeFileSystem } from 'langium/node';
import { exportPowerShell } from '../../../src/language/powershell/export/export-host.js';
import { ExportError, literal } from '../../../src/language/powershell/export/quoting.js';
import { openProject } from '../../../src/language/project.js';
import type { HostModel } from '../../../src/model/host-model.js';
import { assertGolden } from '../golden.js';
import { parse, powerShellParser, shape } from './powershell-grammar.js';

async function hostOf(path: string): Promise<HostModel> {
  const project = openProject(NodeFileSystem.fileSystemProvider());
  const [host] = (await project.check(pathToFileURL(resolve(path)).toString())).hosts;
  assert.ok(host);
  return host;
}

/** What PowerShell makes of an argument that `literal` wrote; an error for anything else. */
function evaluate(argument: string): string {
  const inner = argument.startsWith('(') ? argument.slice(1, -1) : argument;
  const parts = inner.match(/'(?:[^']|'')*'|\[char\]\d+|\[char\]::ConvertFromUtf32\(\d+\)/g) ?? [];
  assert.equal(parts.join(' + '), inner);
  return parts
    .map((part) => {
      if (part.startsWith("'")) return part.slice(1, -1).replaceAll("''", "'");
      return String.fromCodePoint(Number(part.match(/\d+(?=\)?$)/)?.[0]));
    })
    .join('');
}

const printable = fc.string({ unit: 'binary' }).filter((text) => !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text));
const nasty = fc
  .array(fc.constantFrom("'", '"', '$', '`', '$(Stop-Computer)', '’', '‘', ';', '#', ' ', '-', 'ä', '日', '😀'), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''));

describe('a text in a PowerShell script', () => {
  it('is the text again when PowerShell reads it, and ASCII whatever it says', () => {
    fc.assert(
      fc.property(fc.oneof(printable, nasty), (text) => {
        const written = literal(text);
        assert.match(written, /^[\x20-\x7e]*$/);
        assert.equal(evaluate(written), text);
      }),
    );
  });

  it('is refused with a character that ends a line or hides', () => {
    for (const text of ['a\nb', 'a\r', '\0', '\u2028', '\u0085', '\ud800']) {
      assert.throws(() => literal(text), ExportError);
    }
  });
});

describe('exporting a host', () => {
  for (const [name, path] of [
    ['modern', 'examples/modern.hvhost'],
    ['network', 'examples/network.hvhost'],
    ['windows-server-2012-r2', 'test/language/golden/windows-server-2012-r2.imported.hvhost'],
  ] as const) {
    it(`${name} becomes the script it is known for, which PowerShell can read`, async () => {
      const script = exportPowerShell(await hostOf(path));
      assertGolden(`${name}.ps1`, script);
      assert.match(script, /^[\n\x20-\x7e]*$/);
      parse(await powerShellParser(), script);
    });
  }

  it('keeps every name inside of its quotes', async () => {
    const host = await hostOf('examples/modern.hvhost');
    const renamed = (name: string): HostModel => ({
      ...host,
      name,
      switches: host.switches.map((each, index) => ({ ...each, name: `${name}${index}` })),
      children: host.children.map((child, index) => ({
        ...child,
        name: `${name}${index}`,
        operatingSystem: name,
        disks: child.disks.map((disk) => ({ ...disk, file: `${name}.vhdx`, base: disk.base && name })),
        nics: child.nics.map((nic) => ({ ...nic, switch: `${name}0` })),
      })),
    });
    const parser = await powerShellParser();
    const executed = (name: string) => shape(parse(parser, exportPowerShell(renamed(name))));
    const expected = executed('plain');
    fc.assert(
      fc.property(nasty, (name) => {
        assert.equal(executed(name), expected);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses what has no cmdlets', async () => {
    const host = await hostOf('examples/modern.hvhost');
    const on = (hypervisor: Partial<HostModel['hypervisor']>) => () =>
      exportPowerShell({ ...host, hypervisor: { ...host.hypervisor, ...hypervisor } });
    assert.throws(on({ architecture: 'esxi', release: '8' }), /Harbour runs esxi: only hosts of Hyper-V/);
    assert.throws(on({ release: '2008R2' }), /Hyper-V 2008R2, which has no PowerShell module/);
    assert.ok(on({ release: '2012' })().includes('Windows Server 2012.'));
  });

  it('refuses names that differ only in case, because the second machine would be written over the first', async () => {
    const host = await hostOf('examples/modern.hvhost');
    const named = (names: string[]) => names.map((name) => ({ ...host.children[0]!, name }));
    assert.throws(
      () => exportPowerShell({ ...host, children: named(['web', 'WEB']) }),
      new ExportError("Hyper-V cannot tell the machines 'web' and 'WEB' apart"),
    );
    const switches = ['Büro', 'BÜRO'].map((name) => ({ ...host.switches[0]!, name }));
    assert.throws(() => exportPowerShell({ ...host, switches }), /the switches 'Büro' and 'BÜRO'/);
    assert.ok(exportPowerShell({ ...host, children: named(['web', 'web2']) }));
  });

  it('says what has no cmdlet and what Hyper-V cannot attach', async () => {
    const host = await hostOf('examples/modern.hvhost');
    const [child] = host.children;
    assert.ok(child);
    const disk = { ...child.disks[0]!, slot: 0 };
    const script = exportPowerShell({
      ...host,
      hypervisor: { ...host.hypervisor, scheduler: 'classic', numaSpanning: false },
      cpuGroups: [{ name: 'Builds', limitPercent: 25 }],
      parent: { ...host.parent!, virtualProcessors: 8 },
      children: [
        {
          ...child,
          processors: { ...child.processors, group: 'Builds' },
          integrationServicesOff: ['VSS'],
          disks: [
            { ...disk, file: 'old.img', format: 'raw' },
            { ...disk, file: 'web_1234.avhdx' },
            { ...disk, file: 'Disk 3', format: 'raw', allocation: 'pass-through', slot: 65 },
            { ...disk, file: 'lun', format: 'raw', allocation: 'pass-through' },
          ],
        },
      ],
    });
    for (const line of [
      'if ((Get-VMHost).NumaSpanningEnabled -ne $false) { Set-VMHost -NumaSpanningEnabled $false }',
      '# The scheduler has no cmdlet: bcdedit /set hypervisorschedulertype classic',
      '# The parent reserves 10 % of the processors and 16 GB; there is no cmdlet for that.',
      '# The parent has 8 processors: bcdedit /set hypervisorrootproc 8',
      '# The CPU group Builds takes at most 25 % of the host; it has no cmdlet.',
      '# It belongs to the CPU group Builds.',
      '    # old.img is a raw image, which Hyper-V cannot attach.',
      '    # web_1234.avhdx belongs to a checkpoint, which no cmdlet makes anew.',
      '    Add-PassThroughDrive -VM $vm -Type SCSI -Number 1 -Location 1 -DiskNumber 3',
      '    # lun is a physical disk: which number it has is not said.',
      '    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $false # VSS',
    ]) {
      assert.ok(script.split('\n').includes(line), line);
    }
  });

  it('calls cmdlets that exist, and its own functions', () => {
    const script = readFileSync('test/language/golden/windows-server-2012-r2.ps1', 'utf8').replace(/#.*$/gm, '');
    const defined = [...script.matchAll(/^function ([\w-]+)/gm)].map(([, name]) => name);
    const called = new Set(script.match(/\b[A-Z][a-z]+-[A-Z]\w+\b/g));
    assert.deepEqual(
      [...called].filter((name) => !defined.includes(name) && !CMDLETS.includes(name)),
      [],
    );
  });
});

/** Those of Windows PowerShell and of the Hyper-V module that a script needs. */
const CMDLETS = [
  ...['Join-Path', 'Out-Null', 'Test-Path', 'Where-Object', 'Write-Warning'],
  ...[
    'Add-VMHardDiskDrive',
    'Add-VMNetworkAdapter',
    'Add-VMScsiController',
    'Connect-VMNetworkAdapter',
    'Set-VMNetworkAdapter',
  ],
  ...['Disable-VMIntegrationService', 'Enable-VMIntegrationService', 'Get-VM', 'Get-VMDvdDrive', 'Get-VMHardDiskDrive'],
  ...['Get-VMHost', 'Get-VMIntegrationService', 'Get-VMNetworkAdapter', 'Get-VMScsiController', 'Get-VMSwitch'],
  ...['New-VHD', 'New-VM', 'New-VMSwitch', 'Remove-VMDvdDrive', 'Remove-VMNetworkAdapter', 'Set-VM', 'Set-VMHost'],
  ...['Set-VMMemory', 'Set-VMNetworkAdapterVlan', 'Set-VMProcessor'],
];
