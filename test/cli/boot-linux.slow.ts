/** Two unmodified Debian kernels on one virtual switch, booted as a user does. Needs `npm run build` before. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hvhost } from './hvhost.js';

const MEGABYTES = 100;

/** 4 MB of noise, again and again: the guest's source of random numbers is slow. */
const SERVER = `
udhcpc -i eth0 -q -n
cd /tmp; dd if=/dev/urandom of=part bs=1M count=4 2>/dev/null
for i in $(seq ${MEGABYTES / 4}); do cat part; done > whole
echo "sum: $(md5sum < whole)"
httpd -h /tmp
`;
const CLIENT = `
udhcpc -i eth0 -q -n
until nslookup server > /dev/null; do sleep 1; done
ping -c 1 server
until wget -q -O /dev/null http://server/part; do sleep 1; done
time sh -c 'echo "sum: $(wget -q -O - http://server/whole | md5sum)"'
`;

describe('two machine children on one switch', function () {
  this.timeout(330_000);
  const folder = mkdtempSync(join(tmpdir(), 'hvhost-two-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it(`find each other by name, and one gets ${MEGABYTES} MB from the other as they were`, () => {
    const script = (name: string, text: string) => {
      const file = join(folder, name);
      writeFileSync(file, text);
      return ['--script', `${name}=${file}`];
    };
    const { status, stdout, stderr } = hvhost([
      'boot',
      'examples/two-guests.hvhost',
      ...script('server', SERVER),
      ...script('client', CLIENT),
      '--timeout',
      '300s',
    ]);
    assert.equal(status, 0, `${stdout}\n${stderr}`);
    const sums = [...stdout.matchAll(/^(\w+) \| sum: ([0-9a-f]{32})/gm)].map(([, name, sum]) => [name, sum]);
    assert.deepEqual(sums.map(([name]) => name).sort(), ['client', 'server']);
    assert.equal(sums[0]![1], sums[1]![1]);
    assert.match(stdout, /^client \| .*1 packets received/m);
    const took = /^client \| real\s+(.*)$/m.exec(stdout)?.[1];
    console.log(`    ${MEGABYTES} MB fetched and summed in ${took}`);
  });
});
