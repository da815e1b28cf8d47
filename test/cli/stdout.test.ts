import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './hvhost.js';

/** A shell, because what is tested is how it joins programs. */
function shell(command: string) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' });
  return { status, stdout, stderr };
}

(process.platform === 'win32' ? describe.skip : describe)('stdout', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-stdout-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('may be closed by a reader that has what it wants', () => {
    const path = join(folder, 'many.hvhost');
    const children = Array.from({ length: 1000 }, (_, index) => `child c${index} "Debian 12" { memory 32 MB }`);
    writeFileSync(
      path,
      `hardware Box { processor { cores 8 } memory 640 GB ecc }\nhost H on Box { hypervisor kvm\n${children.join('\n')}\n}\n`,
    );
    const code = join(folder, 'code');
    const { stdout, stderr } = shell(
      `(node dist/cli.mjs model "${path}"; echo $? > "${code}") | head -n 1; cat "${code}"`,
    );
    assert.deepEqual({ stdout, stderr }, { stdout: '{\n0\n', stderr: '' });
  });

  (existsSync('/dev/full') ? it : it.skip)('is reported in one line when it cannot be written', () => {
    for (const command of ['model', 'check']) {
      const { status, stderr } = shell(`node dist/cli.mjs ${command} examples/cathedral.hvhost > /dev/full`);
      assert.match(stderr, /^hvhost: stdout cannot be written \(ENOSPC[^\n]*\)\n$/);
      assert.equal(status, 2);
    }
  });
});
