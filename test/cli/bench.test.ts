import assert from 'node:assert/strict';
import { hvhost } from './hvhost.js';

describe('hvhost bench', () => {
  const cathedral = 'examples/cathedral.hvhost';

  it('compares every hypervisor of a benchmark, and says what does not exist where and what is assumed', () => {
    const { status, stdout, stderr } = hvhost(['bench', cathedral, '--for', '40s']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^LayerOneOrTwo +hyper-v 2008R2SP1 +esxi 5 +hosted VMware Workstation$/m);
    assert.match(stdout, /^web throughput +\d+ \/ s +\d+ \/ s +\d+ \/ s$/m);
    assert.match(stdout, /^web latency p95 /m);
    assert.match(stdout, /^ {2}of it the parent .*–/m);
    assert.match(stdout, /^ {2}copies and grants +– +– .*\*$/m);
    assert.match(stdout, /^Host CPU, all children up\n( {2}.* █+ [\d.]+ %\n){3}/m);
    assert.match(stdout, /^ {2}hosted VMware Workstation +A+E*S+I+C+D+P* /m);
    assert.match(stdout, /^ {2}A address translation .* D drivers {3}P placement .*$/m);
    assert.match(stdout, /^hosted VMware Workstation: .*limit or weight: those of web had no effect/m);
    assert.match(stdout, /^\* rests on assumed costs: .*hosted-call/m);
    assert.match(stderr, /^(?:Running Cathedral for 40 s of virtual time …\n){3}$/);
  });

  it('sets a scheduler beside the ideal one, which takes no switches', () => {
    const file = 'test/cli/fixtures/ideal.hvhost';
    const { status, stdout, stderr } = hvhost(['bench', file, '--benchmark', 'HowFar', '--for', '40s']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^HowFar +hyper-v 2008R2SP1 +hyper-v 2008R2SP1 ideal +esxi 5 ideal$/m);
    assert.match(stdout, /^ {2}switches +[\d.]+ µs, .* +– +–$/m);
    assert.match(stdout, /^esxi 5 ideal: The scheduler is ideal: .* No real one does that/m);
  });

  it('gives the rows behind each figure as JSON, and the same for the same seed', () => {
    const json = () => hvhost(['bench', cathedral, '--for', '40s', '--seed', '3', '--json', '-']).stdout;
    const first = json();
    assert.equal(first, json());
    const [{ host, benchmark, measurements }] = JSON.parse(first).benchmarks;
    assert.deepEqual([host, benchmark, measurements.length], ['Cathedral', 'LayerOneOrTwo', 3]);
    const drivers = measurements[1].costs.find(({ group }: { group: string }) => group === 'drivers');
    assert.ok(
      drivers.rows.some(
        ({ id, doubt }: { id: string; doubt: string | null }) => id === 'vsp-storage-request' && doubt === 'assumed',
      ),
    );
    assert.equal(measurements[1].parentCpuPercent, null);
    for (const { hostCpuPercent } of measurements) assert.ok(hostCpuPercent > 20 && hostCpuPercent < 35);
  });

  it('charges a request with nothing that starting the guests took', () => {
    const { stdout, stderr } = hvhost(['bench', 'test/cli/fixtures/quiet.hvhost', '--json', '-']);
    const [{ measurements }] = JSON.parse(stdout).benchmarks;
    assert.equal(measurements.length, 5, stderr);
    for (const { hypervisor, completed, costs } of measurements) {
      const cpuNs = costs.reduce((sum: number, { totalNs }: { totalNs: number }) => sum + totalNs, 0);
      // 2 ms and their address translation; the rest is little, for it only computes.
      assert.ok(Math.abs(cpuNs / completed / 2.04e6 - 1) < 0.05, `${hypervisor}: ${cpuNs / completed} ns`);
    }
  });

  it('exits with 2 where there is no such benchmark', () => {
    for (const args of [[cathedral, '--benchmark', 'Nothing'], ['test/cli/fixtures/tiny.hvhost']]) {
      const { status, stderr } = hvhost(['bench', ...args]);
      assert.equal(status, 2, stderr);
      assert.match(stderr, /benchmark/);
    }
  });

  it('does not bench a definition with errors', () => {
    const { status, stdout } = hvhost(['bench', 'examples/does-not-fit.hvhost']);
    assert.equal(status, 1);
    assert.equal(stdout, '');
  });
});
