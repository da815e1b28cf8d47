import type { BridgeMessage } from '../protocol/neighbours.js';
import type { EthernetFrame } from '../runtime/parent/ethernet/ethernet-frame.js';
import type { LearningSwitch } from '../runtime/parent/switch/learning-switch.js';
import type { Station, SwitchPort } from '../runtime/parent/switch/switch-port.js';
import { CableEnd, pour } from './cable.js';

/** The end of a bridge at a switch of machine children. */
export interface BridgeEnd {
  hear(message: BridgeMessage): void;
  disconnect(): void;
}

/**
 * Plugs a bridge into a switch: the children at its ports are told to the other end, those of the other end are reached by
 * it, and frames travel on a cable, which bounds what is under way. `reached`: who is behind it has changed.
 */
export function plugBridge(
  network: LearningSwitch<EthernetFrame>,
  place: number,
  post: (message: BridgeMessage) => void,
  reached: (station: Station, there: boolean) => void,
): BridgeEnd {
  const port: SwitchPort<EthernetFrame> = network.plug({
    role: 'bridge',
    mac: null,
    vlan: { kind: 'trunk' },
    wake: () => pour(port, cable),
    stationChanged: ({ mac, vlan }, there) => post({ type: 'station', adapter: place, mac, vlan, there }),
  });
  const cable = new CableEnd(place, post, () => {
    pour(cable, port);
    pour(port, cable);
  });
  return {
    hear(message) {
      if (message.type !== 'station') {
        cable.hear(message);
        return;
      }
      const { there, mac, vlan } = message;
      const station = { mac, vlan };
      if (!there) network.lose(station, port);
      else if (!network.reach(station, port)) return;
      reached(station, there);
    },
    disconnect: () => port.unplug(),
  };
}
