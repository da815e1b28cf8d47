import assert from 'node:assert/strict';
import { childObstacles, hostObstacles, usualMode } from '../../src/model/migration.js';
import { child, nic } from '../runtime/hosts.js';
import { sanDisk, twoHosts } from '../runtime/migration/two-hosts.js';

const { first, second } = twoHosts();
const web = first.children[0]!;
const released = (release: string) =>
  [first, second].map((host) => ({ ...host, hypervisor: { ...host.hypervisor, release } }));
const processor = (title: string) => ({
  ...second,
  hardware: { ...second.hardware, processor: { ...second.hardware.processor, title } },
});

describe('what moves to another host', () => {
  it('is a child on shared storage between two hosts with a migration network', () => {
    assert.deepEqual(hostObstacles(first, second, 'live'), []);
    assert.deepEqual(childObstacles(web, first, second), []);
  });

  it('is nothing on the same host, on another hypervisor or without a migration network', () => {
    const esxi = { ...second, hypervisor: { ...second.hypervisor, architecture: 'esxi' as const, release: '5' } };
    const { migration: _none, ...without } = second;
    assert.match(hostObstacles(first, first, 'live')[0]!, /already/);
    assert.match(hostObstacles(first, esxi, 'live')[0]!, /'Second' does not run Hyper-V/);
    assert.match(hostObstacles(first, without, 'live')[0]!, /no migration network/);
    assert.deepEqual(hostObstacles(first, without, 'quick'), []);
  });

  it('is nothing between processors of two vendors', () => {
    const [amd, intel] = [processor('AMD Opteron 6128'), processor('Intel Xeon X5650')];
    assert.match(hostObstacles({ ...intel, name: 'First' }, amd, 'live')[0]!, /processors of Intel/);
    assert.deepEqual(hostObstacles(first, amd, 'live'), [], 'a title that says nothing is no obstacle');
  });

  it('goes to the hosts of newer releases from Windows Server 2012 on, and never back', () => {
    const [y2008] = released('2008R2');
    const [y2012] = released('2012');
    const [, y2016] = released('2016');
    const [y2016first] = released('2016');
    const [, y2012second] = released('2012');
    assert.equal(hostObstacles(y2008!, y2016!, 'live').length, 1);
    assert.deepEqual(hostObstacles(y2012!, y2016!, 'live'), []);
    assert.equal(hostObstacles(y2016first!, y2012second!, 'live').length, 1);
  });

  it('moves quickly on Windows Server 2008, and live from 2008 R2 on', () => {
    const [a, b] = released('2008');
    assert.equal(usualMode(a!, b!), 'quick');
    assert.match(hostObstacles(a!, b!, 'live')[0]!, /no live migration/);
    assert.equal(usualMode(first, second), 'live');
  });

  it('is no child with a disk of its host alone, a pass-through disk, a switch that is missing, or a name that is taken', () => {
    const local = child('local', { disks: [{ ...sanDisk(), physicalDisk: 'raid0' }] });
    const through = child('through', { disks: [{ ...sanDisk(), allocation: 'pass-through' }] });
    const plugged = child('plugged', { nics: [{ ...nic(), switch: 'Elsewhere' }] });
    const booted = child('booted', { kind: 'machine' });
    assert.equal(childObstacles(local, first, second).length, 2);
    assert.match(childObstacles(through, first, second)[0]!, /pass-through/);
    assert.match(childObstacles(plugged, first, second)[0]!, /no switch 'Elsewhere'/);
    assert.match(childObstacles(booted, first, second)[0]!, /real kernel/);
    assert.match(childObstacles(web, first, { ...second, children: [web] })[0]!, /of its own/);
  });
});
