import assert from 'node:assert/strict';
import { adapterAddress } from '../../src/model/adapter-addresses.js';
import { addressPlan, formatIpv4 } from '../../src/model/address-plan.js';
import type { HostModel, VirtualSwitch } from '../../src/model/host-model.js';
import { child, host, nic } from '../runtime/hosts.js';

const on = (name: string) => ({ ...nic(), switch: name });
const several = (kind: VirtualSwitch['kind'], count: number): VirtualSwitch[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${kind}${index}`, kind }));

function plans(model: HostModel, name: string): string[] | undefined {
  return addressPlan(model, name)?.adapters.map(
    ({ child, adapter, ipv4 }) => `${child}.${adapter} ${formatIpv4(ipv4)}`,
  );
}

describe('the addresses on a virtual switch', () => {
  it('go to the children in the order of the file, and each switch is a network', () => {
    const children = [
      child('a', { nics: [on('internal0'), on('private0')] }),
      child('b', { nics: [on('internal1'), on('internal0')] }),
    ];
    const model = host({ children, switches: [...several('private', 1), ...several('internal', 2)] });
    assert.deepEqual(plans(model, 'internal0'), ['a.0 192.168.137.10', 'b.1 192.168.137.11']);
    assert.deepEqual(plans(model, 'internal1'), ['b.0 192.168.138.10']);
    assert.deepEqual(plans(model, 'private0'), ['a.1 192.168.201.10']);
    assert.equal(plans(model, 'elsewhere'), undefined);
    assert.equal(addressPlan(model, 'internal0')!.adapters[1]!.mac, adapterAddress(model, 'b', 1));
    assert.equal(formatIpv4(addressPlan(model, 'internal0')!.mask), '255.255.255.0');
  });

  it('end where the networks do', () => {
    const many = host({ switches: [...several('internal', 65), ...several('private', 56)] });
    assert.equal(formatIpv4(addressPlan(many, 'internal63')!.network), '192.168.200.0');
    assert.equal(addressPlan(many, 'internal64'), null);
    assert.equal(formatIpv4(addressPlan(many, 'private54')!.network), '192.168.255.0');
    assert.equal(addressPlan(many, 'private55'), null);
    const crowd = Array.from({ length: 300 }, (_, index) => child(`c${index}`, { nics: [on('internal0')] }));
    const full = plans(host({ switches: several('internal', 1), children: crowd }), 'internal0')!;
    assert.deepEqual([full.length, full.at(-1)], [245, 'c244.0 192.168.137.254']);
  });
});
