import assert from 'node:assert/strict';
import { type DeviceTree, deviceTrees } from '../../src/model/devices.js';
import { cathedral } from './cathedral.js';

describe('device trees', () => {
  const trees = new Map(deviceTrees(cathedral()).map((tree) => [tree.partition, tree]));
  const titles = (partition: string, category: string) =>
    (trees.get(partition) as DeviceTree).categories
      .find((entry) => entry.title === category)
      ?.devices.map((device) => `${device.nature}: ${device.title}`);

  it('shows the real devices in the parent, as the article does', () => {
    assert.deepEqual(titles('parent', 'Disk drives'), ['physical: HP LOGICAL VOLUME']);
    assert.deepEqual(titles('parent', 'Display adapters'), ['physical: ATI ES1000']);
    assert.equal(titles('parent', 'Network adapters')?.length, 2);
    assert.equal(titles('parent', 'Processors')?.length, 4);
    assert.ok(titles('parent', 'System devices')?.includes('physical: iLO Management Controller'));
  });

  it('shows synthetic devices in an enlightened child', () => {
    assert.deepEqual(titles('web', 'Network adapters'), ['synthetic: Microsoft Virtual Machine Bus Network Adapter']);
    assert.deepEqual(titles('web', 'Display adapters'), ['synthetic: Microsoft Virtual Machine Bus Video Device']);
    assert.deepEqual(titles('web', 'Disk drives'), ['synthetic: Msft Virtual Disk SCSI Disk Device']);
    assert.equal(titles('web', 'Processors')?.length, 2);
  });

  it('shows emulated devices and no bus in a legacy child', () => {
    assert.deepEqual(titles('payroll', 'Network adapters'), [
      'emulated: Intel 21140-Based PCI Fast Ethernet Adapter (Emulated)',
    ]);
    assert.equal(titles('payroll', 'System devices'), undefined);
  });

  it('renames the drivers with Windows Server 2012', () => {
    const host = cathedral();
    host.hypervisor.release = '2022';
    const web = deviceTrees(host)[1]!;
    const disks = web.categories.find((category) => category.title === 'Disk drives')!;
    assert.equal(disks.devices[0]!.title, 'Microsoft Virtual Disk');
  });
});
