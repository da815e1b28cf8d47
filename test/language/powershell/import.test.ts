import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { formatText } from '../../../src/language/format-text.js';
import { ImportError } from '../../../src/language/powershell/import/import-error.js';
import { importHost } from '../../../src/language/powershell/import/import-host.js';
import { assertGolden } from '../golden.js';
import { diagnosticsOf } from '../workbench.js';

const FIXTURES = ['windows-server-2008-r2-sp1', 'windows-server-2012-r2', 'windows-server-2022'];
const fixture = (name: string) => readFileSync(`test/language/powershell/fixtures/${name}.json`);
const bytesOf = (document: unknown) => new TextEncoder().encode(JSON.stringify(document));

/** A document with one machine, of which some properties are others. */
function oneMachine(vm: object = {}, rest: object = {}, document: object = {}) {
  return bytesOf({
    Computer: { Name: 'HV1' },
    OperatingSystem: { Caption: 'Microsoft Windows Server 2022 Standard', BuildNumber: '20348' },
    VMs: { VM: { Name: 'web', Generation: 2, ...vm }, ...rest },
    ...document,
  });
}

describe('importing a host', () => {
  for (const name of FIXTURES) {
    it(`${name} becomes the definition it is known for, without errors`, async () => {
      const text = await formatText(importHost(fixture(name)));
      assert.ok(text !== null);
      assertGolden(`${name}.imported.hvhost`, text);
      const errors = (await diagnosticsOf(text)).filter(({ severity }) => severity === 1);
      assert.deepEqual(
        errors.map(({ message }) => message),
        [],
      );
    });
  }

  it('reads every encoding that PowerShell writes', () => {
    const text = fixture('windows-server-2012-r2').toString('utf8');
    const expected = importHost(new TextEncoder().encode(text));
    const little = Buffer.from(text, 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const bytes of [
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
      Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
      Buffer.concat([Buffer.from([0xfe, 0xff]), big]),
      little,
      big,
    ]) {
      assert.equal(importHost(bytes), expected);
    }
  });

  it('takes enumerations as numbers and as words, and sizes in texts', () => {
    const numbers = oneMachine(
      { AutomaticStartAction: 2, AutomaticStopAction: 2, State: 3 },
      {
        Memory: { Startup: 4294967296 },
        HardDisks: { Path: 'a.vhdx', ControllerType: 1, Vhd: { Size: 1073741824, VhdType: 2 } },
      },
    );
    const words = oneMachine(
      { AutomaticStartAction: 'Nothing', AutomaticStopAction: 'turnoff', State: 'Off' },
      {
        Memory: { Startup: '4294967296' },
        HardDisks: [{ Path: 'a.vhdx', ControllerType: 'SCSI', Vhd: { Size: '1073741824', VhdType: 'Fixed' } }],
      },
    );
    assert.equal(importHost(numbers), importHost(words));
    assert.match(importHost(words), /disk "a\.vhdx" 1 GB fixed on elsewhere via scsi/);
  });

  it('finds services by their component, whatever Windows calls them', () => {
    const services = [
      { Name: 'Zeitsynchronisierung', Id: 'Microsoft:1\\2497f4de-e9fa-4204-80e4-4b75c46419c0', Enabled: false },
      { Name: 'VSS', Enabled: 'False' },
      { Name: 'Gastdienst', Id: 'Microsoft:1\\6C09BB55-D683-4DA0-8931-C9BF705F6480', Enabled: true },
    ];
    const text = importHost(oneMachine({}, { IntegrationServices: services }));
    assert.match(text, /integration services off "Time Synchronization", "VSS"\n/);
    assert.match(text, /\/\/ The Guest Service Interface is on; it cannot be said here\.\n/);
  });

  it('says each missing property once, at its place', () => {
    const lines = importHost(oneMachine()).split('\n');
    for (const property of ['Memory.Startup', 'VM.AutomaticStartAction', 'NumaNodes', 'IntegrationServices']) {
      assert.equal(lines.filter((line) => line.startsWith(`// ${property} is missing`)).length, 1, property);
    }
  });

  it('says what it cannot express', () => {
    const adapters = [
      { Name: 'spare', SwitchName: '' },
      { Name: 'lost', SwitchName: 'Gone' },
      {
        Name: 'trunk',
        SwitchName: 'Lan',
        Vlan: { OperationMode: 'Trunk', AllowedVlanIdListString: '1-9,20', NativeVlanId: 5 },
      },
      { Name: 'odd', SwitchName: 'Lan', Vlan: { OperationMode: 'Trunk', AllowedVlanIdListString: '9-1' } },
      { Name: 'fixed', SwitchName: 'Lan', DynamicMacAddressEnabled: false, MacAddress: '00155D000001' },
    ];
    const disk = { Path: 'C:\\shared.vhdx', ControllerType: 1, Vhd: { Size: 1024, VhdType: 3 } };
    const processor = { ExposeVirtualizationExtensions: true, HwThreadCountPerCore: 1, RelativeWeight: 0 };
    const text = importHost(
      oneMachine(
        {},
        { NetworkAdapters: adapters, HardDisks: [disk, disk], Processor: processor },
        { Switches: { Name: 'Lan', SwitchType: 'Internal' } },
      ),
    );
    for (const words of [
      'The adapter "spare" is not connected.',
      'The adapter "lost" is on "Gone", which is not among Switches.',
      'Its VLAN mode is Trunk (9-1); that cannot be said here.',
      'Its address is 00155D000001; that cannot be said here.',
      'Shares the disk "C:\\shared.vhdx"; that cannot be said here.',
      'Nested virtualization is on; it cannot be said here.',
      'HwThreadCountPerCore is 1; it cannot be said here.',
      'A weight of 0, which counts as 1.',
    ]) {
      assert.ok(text.includes(`// ${words}`), words);
    }
    assert.ok(text.includes('nic on Lan vlan trunk 1 to 9, 20 native 5\n'));
  });

  it('lets no text of the host out of its quotes or its comment', async () => {
    const text = importHost(
      oneMachine(
        { Name: 'a"\nb', Notes: 'one\r\n*/ } two' },
        { GuestOperatingSystem: 'Win"dows\n}' },
        { Computer: { Name: '!!', Model: '"' } },
      ),
    );
    assert.match(text, /^host Host on Host-hardware \{$/m);
    assert.match(text, /^child a-b "Win'dows }" \{$/m);
    const errors = (await diagnosticsOf(text)).filter(({ severity }) => severity === 1);
    assert.deepEqual(errors, []);
  });

  it('calls the host as it is told', () => {
    assert.match(importHost(oneMachine(), 'Harbour'), /^host Harbour on Harbour-hardware \{$/m);
  });
});

describe('a document that cannot be imported', () => {
  const refuses = (bytes: Uint8Array, message: RegExp) =>
    assert.throws(
      () => importHost(bytes),
      (error: unknown) => error instanceof ImportError && message.test(error.message),
    );

  it('is refused with the place of the fault', () => {
    refuses(new Uint8Array(), /^the file is empty$/);
    refuses(new TextEncoder().encode('hvhost'), /^this is not JSON/);
    refuses(bytesOf([]), /^the document: expected an object, found \[\]$/);
    refuses(bytesOf({ VMs: [{ VM: '@{Name=web}' }] }), /^VMs\[0\]\.VM: expected an object, .*-Depth/);
    refuses(bytesOf({ VMs: [{ VM: {} }] }), /^VMs\[0\]\.VM\.Name is missing$/);
    refuses(oneMachine({}, { Processor: { Reserve: 150 } }), /^VMs\.Processor\.Reserve: 150 is not between 0 and 100$/);
    refuses(oneMachine({}, { Memory: { Startup: 'much' } }), /^VMs\.Memory\.Startup: expected a number, found "much"$/);
    refuses(oneMachine({ Generation: 1.5 }), /^VMs\.VM\.Generation: expected a whole number/);
    refuses(oneMachine({ Name: {} }), /^VMs\.VM\.Name: expected a text, found \{\}$/);
    const memory = { DynamicMemoryEnabled: true, Startup: 2 ** 30, Minimum: 2 ** 31, Maximum: 2 ** 32 };
    refuses(oneMachine({}, { Memory: memory }), /^VMs\.Memory: the startup memory is not between/);
  });
});
