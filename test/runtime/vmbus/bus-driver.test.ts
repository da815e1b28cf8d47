import assert from 'node:assert/strict';
import { DriverMemory } from '../../../src/runtime/child/driver-memory.js';
import { SIGNAL } from '../../../src/runtime/child/guest-device.js';
import { BusDriver } from '../../../src/runtime/child/vmbus/bus-driver.js';
import { BusPort } from '../../../src/runtime/child/vmbus/bus-port.js';
import type { ChannelDriver } from '../../../src/runtime/child/vmbus/guest-channel.js';
import { HvStatus } from '../../../src/runtime/hypervisor/tlfs/status.js';
import { CostLedger } from '../../../src/runtime/trace/cost-ledger.js';
import { decodeMessage } from '../../../src/runtime/vmbus/host/messages.js';
import { synicHost } from '../../../src/runtime/vmbus/host/synic-host.js';
import { VmbusServer } from '../../../src/runtime/vmbus/host/vmbus-server.js';
import { VERSION_5_3 } from '../../../src/runtime/vmbus/versions.js';
import { host } from '../hosts.js';

const NIC = {
  title: 'nic',
  interfaceId: 'f8615163-df3e-46c5-913f-f2d2f965ed0e',
  instanceId: 'aaaaaaaa-bbbb-cccc-ddee-ff0011223344',
  messagePipe: false,
  open: () => ({ signalled: () => {}, closed: () => {} }),
};

/** A driver of the bus against the real server, with messages that arrive at once; `said`: what the guest posted. */
function connected() {
  const memory = new DriverMemory(() => 2000);
  const said: string[] = [];
  const gone: number[] = [];
  const toGuest: (() => void)[] = [];
  const port = BusPort.create(memory, 1, {
    postMessage: (connection, type, payload) => {
      const message = decodeMessage(payload)!;
      said.push(message.type);
      toGuest.push(() => server.postMessage(connection, type, payload));
      return HvStatus.Success;
    },
    signalEvent: () => HvStatus.Success,
    triggered: () => {},
  })!;
  const server = new VmbusServer(synicHost(memory, port.synics, () => {}));
  const driver: ChannelDriver = {
    index: 1,
    maximumBytes: 0,
    vp: 0,
    ringBytes: 4096,
    opened: () => false,
    signalled: () => {},
    gone: () => gone.push(said.length),
    issueNs: () => 0,
    issue: () => 0,
    signal: () => 0,
    access: () => 0,
    accessed: () => {},
    afterAccesses: () => 0,
    interruptNs: () => 0,
    acknowledge: () => 0,
  };
  const events = { connected: () => {}, opened: () => {}, unloaded: () => {} };
  const settle = () => {
    for (let call = toGuest.shift(); call; call = toGuest.shift()) call();
  };
  const act = (outcome: number) => {
    for (let next = outcome; next === SIGNAL; next = bus.signal()) settle();
    settle();
  };
  const interrupts: (() => void)[] = [];
  const guest = { raise: () => interrupts.push(() => act(bus.acknowledge())), transferred: () => {} };
  const message = new CostLedger(host()).get('vmbus-message-child');
  const bus = new BusDriver(guest, memory, port, message, [VERSION_5_3], () => ({ driver, late: false }), events);
  const run = () => {
    for (let next = interrupts.shift(); next; next = interrupts.shift()) next();
  };
  server.offer(NIC);
  bus.connect();
  act(SIGNAL);
  run();
  return { server, said, gone, run };
}

describe('the driver of the bus in a modelled guest', () => {
  it('closes a channel that is rescinded, takes its rings back, and gives the id up', () => {
    const { server, said, gone, run } = connected();
    assert.equal(server.traffic().length, 1, 'it is open');
    const before = said.length;
    server.rescind(NIC);
    run();
    assert.deepEqual(said.slice(before), ['close channel', 'gpadl teardown', 'relid released']);
    assert.deepEqual(gone, [before], 'its driver heard of it first');
  });

  it('opens it again when it is offered again, with the same pages and a list of its own', () => {
    const { server, said, run } = connected();
    for (let round = 0; round < 1000; round++) {
      server.rescind(NIC);
      run();
      const before = said.length;
      server.offer(NIC);
      run();
      assert.deepEqual(said.slice(before), ['gpadl header', 'open channel']);
      assert.equal(server.traffic().length, 1);
    }
  });
});
