import assert from 'node:assert/strict';
import { RULES } from '../../../src/language/validation/rules.js';
import { diagnosticsOf, HARDWARE, listDiagnostics } from '../workbench.js';
import { RULE_CASES } from './rule-cases.js';

describe('rules', () => {
  it('has a case for every rule', () => {
    assert.deepEqual(Object.keys(RULE_CASES).sort(), Object.keys(RULES).sort());
  });

  for (const [code, { fires, quiet }] of Object.entries(RULE_CASES)) {
    it(`${code} fires once on what breaks it`, async () => {
      const diagnostics = await diagnosticsOf(fires);
      const found = diagnostics.filter((diagnostic) => diagnostic.code === code);
      assert.equal(found.length, 1, `expected ${code} once in:\n${listDiagnostics(diagnostics)}`);
      assert.match(found[0]?.codeDescription?.href ?? '', new RegExp(`#${code.toLowerCase()}$`));
    });

    it(`${code} is quiet on what does not`, async () => {
      const diagnostics = await diagnosticsOf(quiet);
      const found = diagnostics.filter((diagnostic) => diagnostic.code === code);
      assert.equal(found.length, 0, listDiagnostics(found));
    });
  }

  it('sees a forgotten unit even before a name', async () => {
    const { quiet } = RULE_CASES.HV602;
    const diagnostics = await diagnosticsOf(quiet.replace('at 1 s w', 'at 1 w'));
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['HV201'],
    );
  });

  it('says once that a text is empty', async () => {
    const hypervisor = 'hypervisor hyper-v 2025 { cost "" 5 ns }';
    const child = 'child c "" { integration services off "" }';
    const diagnostics = await diagnosticsOf(`import "" ${HARDWARE} host H on Box { ${hypervisor} ${child} }`);
    const errors = diagnostics.filter(({ severity }) => severity === 1);
    assert.deepEqual(errors.map(({ code }) => code).sort(), ['HV004', 'HV112', 'HV310', 'HV522']);
  });

  it('does not compute with a host whose text is broken', async () => {
    const { fires } = RULE_CASES.HV401;
    const diagnostics = await diagnosticsOf(fires.replace('memory 63 GB', 'memory 63 GB banana'));
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['HV001'],
    );
  });
});

describe('a circle of disks', () => {
  it('is said at every disk of it, and not at one that leads into it', async () => {
    const disk = (file: string, base: string) => `disk "${file}" 4 GB differencing from "${base}" on d0`;
    const disks = [disk('a.vhdx', 'b.vhdx'), disk('b.vhdx', 'c.vhdx'), disk('c.vhdx', 'b.vhdx')].join(' ');
    const found = await diagnosticsOf(`${HARDWARE} host H on Box { child c "Debian" { generation 2 ${disks} } }`);
    assert.deepEqual(
      found.map(({ code }) => code),
      ['HV321', 'HV320', 'HV320'],
    );
  });
});

describe('said once', () => {
  const twice: [statement: string, before: string, after: string][] = [
    ['processor { sockets 1 }', 'hardware H { memory 8 GB ecc ', '}'],
    ['sockets 1', 'hardware H { memory 8 GB ecc processor { ', '} }'],
    ['nodes 2', 'hardware H { processor { sockets 1 } memory 8 GB ecc ', '}'],
    ['hypervisor kvm', `${HARDWARE} host H on Box { `, '}'],
    ['scheduler core', `${HARDWARE} host H on Box { hypervisor hyper-v 2025 { `, '} }'],
    ['reserve automatic', `${HARDWARE} host H on Box { parent "Windows Server 2025" { `, '} }'],
    ['generation 1', `${HARDWARE} host H on Box { child c "Debian" { `, '} }'],
    ['weight 5', `${HARDWARE} host H on Box { child c "Debian" { processors 2 `, '} }'],
    ['buffer 20 %', `${HARDWARE} host H on Box { child c "Debian" { memory 1 GB to 2 GB `, '} }'],
    ['vlan 7', `${HARDWARE} host H on Box { switch S internal child c "Debian" { nic on S `, '} }'],
    ['requests 5 / s', 'workload W { cpu 1 ms ', '}'],
  ];
  for (const [statement, before, after] of twice) {
    it(statement, async () => {
      const once = await diagnosticsOf(`${before}${statement} ${after}`);
      assert.equal(listDiagnostics(once), '');
      const codes = (await diagnosticsOf(`${before}${statement} ${statement} ${after}`)).map(({ code }) => code);
      assert.deepEqual(codes, ['HV103']);
    });
  }
});
