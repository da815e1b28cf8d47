import { formatIpv4, plannedAddresses } from '../../model/address-plan.js';
import type { HostClock } from '../child/cpu-port.js';
import { type IntegrationAnswer, IntegrationClient, keyValueAnswer } from '../child/integration-client.js';
import { EPOCH_UNIX_SECONDS } from '../trace/exporters/epoch.js';
import { servicesFor } from '../vmbus/offers.js';
import { BackupService } from './backup-service.js';
import type { Binding } from './child-bus.js';
import type { DeviceSite } from './device-site.js';
import { type IntegrationClock, IntegrationHost, type IntegrationService } from './integration-host.js';
import { Heartbeat } from './vsp/integration/heartbeat.js';
import { BODY_AT, IcStatus } from './vsp/integration/ic-protocol.js';
import { KeyValueExchange } from './vsp/integration/key-value-exchange.js';
import { Shutdown } from './vsp/integration/shutdown.js';
import { TimeSync } from './vsp/integration/time-sync.js';

/** The integration services of one modelled child. */
export class IntegrationServices {
  readonly bindings: Binding[] = [];
  readonly heartbeat = new Heartbeat();
  readonly backup: BackupService;
  private readonly shutdown: Shutdown;
  private readonly exchange: KeyValueExchange;
  private shutdownHost: IntegrationHost | null = null;

  /** `shutDown`: the guest has agreed and goes down. `told`: what it says of itself, when that changes. */
  constructor(
    site: DeviceSite,
    clock: IntegrationClock,
    settled: () => void,
    shutDown: () => void,
    told: (values: ReadonlyMap<string, string>) => void,
  ) {
    const { timers } = clock;
    const hostClock: HostClock = {
      nowNs: () => timers.nowNs,
      wallTimeMs: () => EPOCH_UNIX_SECONDS * 1000 + Math.floor(timers.nowNs / 1e6),
    };
    this.shutdown = new Shutdown((answer) => answer === 'accepted' && shutDown());
    this.exchange = new KeyValueExchange(told);
    const timeSync = new TimeSync(hostClock, () => BigInt(Math.floor(timers.nowNs / 100)));
    const { costs } = site.parts;
    this.backup = new BackupService((ns, then) => site.guest.runSystem(ns, then), {
      freeze: costs.get('guest-freeze'),
      thaw: costs.get('guest-thaw'),
    });
    const services: Record<string, [IntegrationService, IntegrationAnswer]> = {
      Heartbeat: [this.heartbeat, beat],
      'Key-Value Pair Exchange': [this.exchange, keyValueAnswer(factsOf(site))],
      Shutdown: [this.shutdown, accept],
      'Time Synchronization': [timeSync, accept],
      VSS: [this.backup.backup, this.backup.answer],
    };
    const parentCosts = { message: costs.get('service-message-parent'), signal: costs.get('hypercall') };
    for (const { title } of servicesFor(site.child)) {
      const [service, answer] = services[title] ?? [];
      if (!service || !answer) continue;
      const device = new IntegrationHost(service, site.backEnd, 0, parentCosts, clock);
      if (service === this.shutdown) this.shutdownHost = device;
      if (service === this.backup.backup) this.backup.offeredAs(device);
      const [interrupt, message] = [costs.get('vsc-interrupt'), costs.get('service-message-child')];
      this.bindings.push({
        device,
        driver: new IntegrationClient(site.guest, interrupt, message, answer, settled),
        late: true,
      });
    }
  }

  /** Asks the guest to shut down. `refused`: it could not be asked. */
  requestShutdown(refused: () => void): void {
    this.shutdownHost?.request(() => {
      if (!this.shutdown.request()) refused();
    });
  }

  /** What the guest said of itself. */
  get told(): ReadonlyMap<string, string> {
    return this.exchange.values;
  }
}

/** No lease is modelled: the guest has the addresses that are planned for it. */
function factsOf({ parts, child }: DeviceSite): [string, string][] {
  const addresses = plannedAddresses(parts.model, child).map(formatIpv4);
  const facts: [string, string][] = [
    ['FullyQualifiedDomainName', child.name],
    ['OSName', child.operatingSystem],
  ];
  return addresses.length > 0 ? [...facts, ['NetworkAddressIPv4', addresses.join(';')]] : facts;
}

const accept: IntegrationAnswer = () => IcStatus.success;

/** A heartbeat is answered with the next number of its sequence. */
const beat: IntegrationAnswer = (packet) => {
  packet.setBigUint64(BODY_AT, packet.getBigUint64(BODY_AT, true) + 1n, true);
  return IcStatus.success;
};
