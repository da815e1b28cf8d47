import assert from 'node:assert/strict';
import type { RuleData } from '../../../src/language/validation/report.js';
import { diagnosticsOf, HARDWARE, listDiagnostics } from '../workbench.js';

const host = (hypervisor: string) => `${HARDWARE}host H on Box { hypervisor ${hypervisor} }`;

async function found(hypervisor: string): Promise<{ text: string; fixes: string[] }> {
  const diagnostics = await diagnosticsOf(host(hypervisor));
  const fixes = diagnostics.flatMap(({ data }) => (data as RuleData).fixes.map(({ title }) => title));
  return { text: listDiagnostics(diagnostics), fixes };
}

describe('cost', () => {
  it('offers the ids that are close', async () => {
    const { text, fixes } = await found('hyper-v 2025 { cost "vmexit" 900 ns }');
    assert.match(text, /HV522 There is no cost 'vmexit'/);
    assert.deepEqual(fixes, ['Use "vm-exit"']);
  });

  it('does not let a time replace what is none', async () => {
    const { text } = await found('hyper-v 2025 { cost "vsp-batch" 5 ns }');
    assert.match(text, /HV522 'vsp-batch' is not a time/);
  });

  it('is checked for every hypervisor', async () => {
    assert.match((await found('xen 4 { cost "vm-enter" 5 ns }')).text, /HV522/);
  });
});

describe('scheduler', () => {
  it('ideal is of every hypervisor, and leaves no choice of limits', async () => {
    for (const hypervisor of ['hyper-v 2008R2SP1', 'esxi 5', 'xen 4', 'kvm'])
      assert.doesNotMatch((await found(`${hypervisor} { scheduler ideal }`)).text, /HV52[38]/);
    const { text } = await found('xen 4 { limits as budget scheduler ideal }');
    assert.match(text, /warning HV528 The ideal scheduler keeps limits as rates, at every moment: `limits as budget`/);
  });

  it('core is of Windows Server 2016 and later', async () => {
    const { text, fixes } = await found('hyper-v 2012R2 { scheduler core }');
    assert.match(
      text,
      /HV523 Windows Server 2012 R2 does not offer the core scheduler, but `classic` \(Microsoft Learn/,
    );
    assert.deepEqual(fixes, ['Use classic']);
    assert.equal((await found('hyper-v 2016 { scheduler core }')).text, '');
  });

  it('root is of clients, and of no server', async () => {
    const { text, fixes } = await found('hyper-v { scheduler root }');
    assert.match(text, /HV523 Windows Server 2025 does not offer the root scheduler, but `classic` and `core`/);
    assert.deepEqual(fixes, ['Use classic', 'Use core']);
  });

  it('classic is of every release, and nothing is said of releases that do not exist', async () => {
    assert.equal((await found('hyper-v 2025 { scheduler classic }')).text, '');
    assert.doesNotMatch((await found('hyper-v 2030 { scheduler root }')).text, /HV523/);
  });
});
