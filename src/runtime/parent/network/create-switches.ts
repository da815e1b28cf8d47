import { PARENT_ADAPTERS, parentAddress } from '../../../model/adapter-addresses.js';
import type { HostModel } from '../../../model/host-model.js';
import type { NetworkAdapter } from '../../hardware/network-adapter.js';
import type { Timers } from '../../timers.js';
import type { CostLedger } from '../../trace/cost-ledger.js';
import type { BackEnd } from '../back-end.js';
import { minimumBandwidths } from './minimum-bandwidth.js';
import { ModelledSwitch } from './modelled-switch.js';
import { ParentAdapter } from './parent-adapter.js';
import type { PhysicalNetwork } from './physical-network.js';
import { Resender } from './resender.js';

/** The virtual switches of a host by name; `root` is null where nobody but the hypervisor could be on an internal one. */
export function createSwitches(
  model: HostModel,
  timers: Timers,
  costs: CostLedger,
  nics: ReadonlyMap<string, NetworkAdapter>,
  root: BackEnd | null,
  outside: PhysicalNetwork,
): Map<string, ModelledSwitch> {
  const resender = new Resender(timers, costs.get('retransmission').amount, costs.get('send-timeout').amount);
  const switches = new Map<string, ModelledSwitch>();
  let internal = 0;
  const usualWeight = costs.get('bandwidth-usual-weight').amount;
  for (const declared of model.switches) {
    const { name, kind, nic } = declared;
    const place = kind === 'internal' ? internal++ : PARENT_ADAPTERS;
    const parent =
      root === null || place >= PARENT_ADAPTERS
        ? null
        : (network: ModelledSwitch['network']) =>
            new ParentAdapter(network, parentAddress(model, place), root, costs.get('parent-network'));
    const uplink = nic === undefined ? null : (nics.get(nic) ?? null);
    const weightOf = uplink && minimumBandwidths(model, declared, uplink.nic.bitsPerSecond, usualWeight);
    if (weightOf) uplink.transmit.shareByWeight(1 + model.children.reduce((sum, { nics }) => sum + nics.length, 0));
    switches.set(name, new ModelledSwitch(name, kind, uplink, parent, resender, weightOf, outside));
  }
  return switches;
}
