import assert from 'node:assert/strict';
import { URI } from 'langium';
import { HARDWARE, listDiagnostics, workbench } from '../workbench.js';

const HOST = 'host H on Box { hypervisor hyper-v 2025  switch Lan external on lan1 }';

describe('imports', () => {
  it('bring the names of a file that nobody has open', async () => {
    const { open } = workbench({ '/a.hvhost': `import "lib/box.hvhost"\n${HOST}`, '/lib/box.hvhost': HARDWARE });
    const document = await open('/a.hvhost');
    assert.equal(listDiagnostics(document.diagnostics ?? []), '');
  });

  it('bring the names of direct imports only', async () => {
    const { open } = workbench({
      '/a.hvhost': `import "b.hvhost"\n${HOST}`,
      '/b.hvhost': 'import "box.hvhost"',
      '/box.hvhost': HARDWARE,
    });
    const document = await open('/a.hvhost');
    assert.equal(listDiagnostics(document.diagnostics ?? []), "2:11 error HV101 There is no hardware named 'Box'.\n");
  });

  it('understand paths upwards and backslashes', async () => {
    const { open } = workbench({ '/x/a.hvhost': `import "..\\lib\\box.hvhost"\n${HOST}`, '/lib/box.hvhost': HARDWARE });
    assert.equal(listDiagnostics((await open('/x/a.hvhost')).diagnostics ?? []), '');
  });

  it('of a file that appears later are linked then', async () => {
    const files: Record<string, string> = { '/a.hvhost': `import "box.hvhost"\n${HOST}` };
    const { open, shared } = workbench(files);
    const document = await open('/a.hvhost');
    assert.deepEqual(document.diagnostics?.map(({ code }) => code).sort(), ['HV101', 'HV110']);
    files['/box.hvhost'] = HARDWARE;
    shared.workspace.LangiumDocuments.createDocument(URI.file('/box.hvhost'), HARDWARE);
    await shared.workspace.DocumentBuilder.update([URI.file('/box.hvhost')], []);
    const relinked = shared.workspace.LangiumDocuments.getDocument(URI.file('/a.hvhost'));
    assert.equal(listDiagnostics(relinked?.diagnostics ?? []), '');
  });

  it('are checked again when the file appears, whatever else the file says', async () => {
    const files: Record<string, string> = {};
    const { type, shared } = workbench(files);
    const document = await type('/a.hvhost', 'import "box.hvhost"');
    assert.deepEqual(
      document.diagnostics?.map(({ code }) => code),
      ['HV110'],
    );
    files['/box.hvhost'] = HARDWARE;
    await shared.workspace.DocumentBuilder.update([URI.file('/box.hvhost')], []);
    assert.equal(listDiagnostics(document.diagnostics ?? []), '');
  });

  it('are checked again when the imported file changes', async () => {
    const child = 'child c "Debian" { memory 32 GB }';
    const files: Record<string, string> = {
      '/a.hvhost': `import "box.hvhost"\nhost H on Box { hypervisor hyper-v 2025 ${child} }`,
      '/box.hvhost': HARDWARE,
    };
    const { open, shared } = workbench(files);
    const document = await open('/a.hvhost');
    assert.equal(listDiagnostics(document.diagnostics ?? []), '');
    files['/box.hvhost'] = HARDWARE.replace('memory 64 GB', 'memory 16 GB');
    await shared.workspace.DocumentBuilder.update([URI.file('/box.hvhost')], []);
    assert.deepEqual(
      document.diagnostics?.map(({ code }) => code),
      ['HV401'],
    );
  });

  it('keep each file from seeing the names of others', async () => {
    const { open } = workbench({ '/a.hvhost': HOST, '/box.hvhost': HARDWARE });
    await open('/box.hvhost');
    assert.deepEqual(
      (await open('/a.hvhost')).diagnostics?.map(({ code }) => code),
      ['HV101'],
    );
  });

  it('are checked again when what they import changes', async () => {
    const { open, type } = workbench({
      '/a.hvhost': 'import "b.hvhost"\nscenario S on H { at 0 s start all at 1 s c requests 5 / s }',
      '/b.hvhost': `import "c.hvhost"\n${HARDWARE}host H on Box { hypervisor hyper-v 2025 child c "Debian" { memory 1 GB runs W } }`,
      '/c.hvhost': 'workload W { requests 1 / s cpu 1 ms }',
    });
    const document = await open('/a.hvhost');
    assert.equal(listDiagnostics(document.diagnostics ?? []), '');
    await type('/c.hvhost', 'workload W { clients 1 think 1 s cpu 1 ms }');
    assert.deepEqual(
      document.diagnostics?.map(({ code }) => code),
      ['HV602'],
    );
  });

  it('do not hide a name of the file itself, however often it is edited', async () => {
    const text = `import "box.hvhost"\n${HARDWARE}${HOST}`;
    const { type } = workbench({ '/box.hvhost': 'hardware Box { memory 4 GB ecc }' });
    await type('/a.hvhost', text);
    const document = await type('/a.hvhost', `${text}\n`);
    assert.equal(listDiagnostics(document.diagnostics ?? []), '');
  });
});
