/** Unmodified Debian kernels on virtual switches, with each other and with modelled children, booted as a user does. Needs `npm run build` before. */
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

describe('two machine children on one switch', () => {
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
      '550s',
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

const BESIDE_MODELLED = `
udhcpc -i eth0 -q -n
until ping -c 1 -W 1 client > /dev/null; do sleep 1; done
ping -c 5 client
ping -c 5 db.internal
received() { echo $(($(cat /sys/class/net/eth0/statistics/rx_packets))); }
datagrams() { grep '^Udp: [0-9]' /proc/net/snmp | { read name good nobody rest; echo $((good + nobody)); }; }
before=$(datagrams)
until [ $(($(datagrams) - before)) -gt 20 ]; do sleep 1; done
echo "datagrams: $(($(datagrams) - before)) of $(received) frames"
`;

describe('a machine child and modelled ones on one switch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hvhost-mixed-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('answer its pings by name, and what one of them sends at work arrives', () => {
    const file = join(folder, 'web.sh');
    writeFileSync(file, BESIDE_MODELLED);
    const { status, stdout, stderr } = hvhost(['boot', 'examples/mixed.hvhost', '--script', file, '--timeout', '550s']);
    assert.equal(status, 0, `${stdout}\n${stderr}`);
    assert.match(stderr, /^hvhost: modelled beside it: client 192\.168\.137\.11, db 192\.168\.137\.12\r?$/m);
    const replies = [...stdout.matchAll(/64 bytes from 192\.168\.137\.(\d+): seq=\d+ ttl=64/g)].map(([, last]) => last);
    assert.ok(
      replies.filter((last) => last === '11').length >= 5 && replies.filter((last) => last === '12').length >= 4,
    );
    const [, datagrams] = /^datagrams: (\d+) of \d+ frames/m.exec(stdout) ?? [];
    assert.ok(Number(datagrams) > 20, `${datagrams} datagrams`);
    const [, times] = /round-trip min\/avg\/max = (.*) ms/.exec(stdout) ?? [];
    console.log(`    ping of a modelled child: min/avg/max ${times} ms`);
  });
});
