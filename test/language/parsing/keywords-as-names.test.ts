import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allKeywords } from '../../../src/language/parsing/grammar-words.js';
import { diagnosticsOf, listDiagnostics } from '../workbench.js';

const keywords = allKeywords();
/** In scenarios these two mean something else, so a child cannot have them. */
const RESERVED_FOR_CHILDREN = ['all', 'parent'];

/** Every kind of name, declared and used in every place that can use it. */
const fileNamed = (name: string, child: string) => `
hardware ${name} {
    processor { sockets 2 cores 4 }
    memory 64 GB ecc
    disk ${name} 2 TB
    nic ${name} 1 Gb/s
}
host ${name} on ${name} {
    hypervisor hyper-v 2025
    switch ${name} external on ${name}
    child ${child} "Debian" {
        memory 1 GB
        disk "a.vhdx" 4 GB on ${name} via ide
        disk "b.vhdx" 4 GB dynamic on ${name}
        nic on ${name}
        nic on ${name} vlan 7
        runs ${name}
    }
}
workload ${name} { requests 5 / s cpu 1 ms memory 600 MB per request 1 MB }
scenario ${name} on ${name} {
    at 0 s start ${child}
    at 1 s ${child} requests 5 / s
    at 1 s ${child} demand 700 MB
    at 2 s turn off ${child}
    expect ${child} latency < 5 ms
    expect ${child} pressure < 120 %
    expect ${child} running after 1 s
}
benchmark ${name} on ${name} { compare kvm, xen 4 measure latency }
`;

describe('keywords', () => {
  it('are many, and taken from the grammar', () => {
    assert.ok(keywords.length > 100 && keywords.includes('hyper-v') && keywords.includes('all'));
  });

  it('are names of anything', async () => {
    for (const keyword of keywords) {
      const child = RESERVED_FOR_CHILDREN.includes(keyword) ? 'other' : keyword;
      const diagnostics = await diagnosticsOf(fileNamed(keyword, child));
      assert.equal(listDiagnostics(diagnostics), '', `with '${keyword}' as name`);
    }
  });

  it('are names beside one another', async () => {
    const child = fc.constantFrom(...keywords.filter((word) => !RESERVED_FOR_CHILDREN.includes(word)));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keywords), child, async (name, childName) => {
        assert.equal(listDiagnostics(await diagnosticsOf(fileNamed(name, childName))), '');
      }),
      { numRuns: 50 },
    );
  });

  for (const keyword of RESERVED_FOR_CHILDREN) {
    it(`'${keyword}' as a child is one clear error`, async () => {
      const file = fileNamed('Box', 'web')
        .replace('child web', `child ${keyword}`)
        .replace(/scenario[\s\S]*/, '');
      const diagnostics = await diagnosticsOf(file);
      assert.deepEqual(
        diagnostics.map(({ code }) => code),
        ['HV104'],
      );
    });
  }
});
