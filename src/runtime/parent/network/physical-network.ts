import type { MacAddress } from '../switch/mac-address.js';
import type { ModelledSwitch } from './modelled-switch.js';

/** The network behind the external switches of a run: it has learnt behind which of them an adapter is. */
export class PhysicalNetwork {
  private readonly places = new Map<MacAddress, ModelledSwitch>();

  /** An adapter announces itself (gratuitous ARP): from now on its frames come here. */
  appear(mac: MacAddress, at: ModelledSwitch): void {
    this.places.set(mac, at);
  }

  disappear(mac: MacAddress, at: ModelledSwitch): void {
    if (this.places.get(mac) === at) this.places.delete(mac);
  }

  placeOf(mac: MacAddress): ModelledSwitch | undefined {
    return this.places.get(mac);
  }
}
