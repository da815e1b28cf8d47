import assert from 'node:assert/strict';
import { diagnosticsOf, HARDWARE } from '../workbench.js';

interface Written {
  steps: string;
  devices?: string;
  kind?: string;
  hypervisor?: string;
}

/** What is said of the steps of a scenario that takes devices out of `web`. */
async function found({ steps, devices = '', kind = '', hypervisor = 'hyper-v 2025' }: Written): Promise<string[]> {
  const diagnostics = await diagnosticsOf(`${HARDWARE}
host H on Box {
    hypervisor ${hypervisor}
    switch Lan external on lan1
    child web "Windows Server 2008" ${kind} { memory 1 GB ${devices} }
}
scenario S on H { at 0 s start all  ${steps} }
`);
  return diagnostics.flatMap(({ code, message }) => (/^HV62/.test(`${code}`) ? [`${code} ${message}`] : []));
}

const IDE = 'disk "a.vhd" 1 GB on d0 via ide';
const BOTH = `${IDE} disk "b.vhd" 1 GB on d0`;

describe('a disk that a scenario takes out', () => {
  it('goes from a SCSI controller, and comes back', async () => {
    assert.deepEqual(
      await found({ devices: BOTH, steps: 'at 1 s unplug disk 2 of web at 2 s plug in disk 2 of web' }),
      [],
    );
  });

  it('stays on IDE and in a legacy child as long as that runs', async () => {
    const steps = 'at 1 s unplug disk of web';
    const said = /^HV624 As long as 'web' runs, its disk 1 stays: a disk on an IDE controller/;
    assert.match((await found({ devices: BOTH, steps })).join(), said);
    assert.match((await found({ devices: IDE, steps, kind: 'legacy' })).join(), said);
  });

  it('stays before Windows Server 2008 R2', async () => {
    const steps = 'at 1 s unplug disk 2 of web';
    assert.match((await found({ devices: BOTH, steps, hypervisor: 'hyper-v 2008' })).join(), /^HV624 .*2008 R2/);
    assert.deepEqual(await found({ devices: BOTH, steps, hypervisor: 'hyper-v 2008R2' }), []);
  });

  it('is one that the child has', async () => {
    assert.deepEqual(await found({ devices: BOTH, steps: 'at 1 s unplug disk 3 of web' }), [
      "HV623 'web' has 2 disks.",
    ]);
    assert.deepEqual(await found({ steps: 'at 1 s unplug disk of web' }), ["HV623 'web' has no disks."]);
    assert.deepEqual(await found({ devices: IDE, steps: 'at 1 s unplug nic of web' }), [
      "HV623 'web' has no network adapters.",
    ]);
  });

  it('comes back only where it was taken out', async () => {
    const nic = 'at 1 s unplug nic 2 of web';
    const devices = `${BOTH} generation 2 nic on Lan nic on Lan`;
    assert.match(
      (await found({ devices, steps: `${nic} at 2 s plug in disk 2 of web` })).join(),
      /^HV621 Nothing has happened to 'disk 2 of web' before/,
    );
  });
});
