import assert from 'node:assert/strict';
import { LinearMemory } from '../../../src/runtime/child/linear-memory.js';
import {
  connectEvents,
  connectMessages,
  EventConnection,
  MessageConnection,
} from '../../../src/runtime/hypervisor/tlfs/connections.js';
import { CHILD_PRIVILEGES, Privilege, ROOT_PRIVILEGES } from '../../../src/runtime/hypervisor/tlfs/privileges.js';
import { HvStatus, statusName } from '../../../src/runtime/hypervisor/tlfs/status.js';
import { MAX_QUEUED_MESSAGES, Synic } from '../../../src/runtime/hypervisor/tlfs/synic.js';

const SINT = 2;
const VECTOR = 0xf3;
const SLOT = SINT * 256;

/** The SynIC of a VP that takes messages at 0x1000 and events at 0x2000. */
function vp() {
  const vectors: number[] = [];
  const buffer = new ArrayBuffer(0x4000);
  const memory = new LinearMemory(buffer.byteLength, () => buffer, 0);
  const synic = new Synic({ memory, injectVector: (vector) => vectors.push(vector) });
  synic.setSimp(0x1001n);
  synic.setSiefp(0x2001n);
  synic.setSint(SINT, BigInt(VECTOR));
  synic.scontrol = 1n;
  return { synic, memory, vectors };
}

function messages(synics: readonly Synic[]): MessageConnection {
  const connection = connectMessages(ROOT_PRIVILEGES, synics, 0, SINT);
  assert.ok(connection instanceof MessageConnection);
  return connection;
}

function events(synics: readonly Synic[], target: number, flag: number): EventConnection {
  const connection = connectEvents(ROOT_PRIVILEGES, synics, target, SINT, flag);
  assert.ok(connection instanceof EventConnection);
  return connection;
}

describe("the root's connections to a child", () => {
  it('take messages to the slot of the SINT that the port names', () => {
    const { synic, memory, vectors } = vp();
    assert.equal(messages([synic]).post(1, Uint8Array.of(7, 8)), HvStatus.Success);
    assert.equal(memory.readU32(0x1000 + SLOT), 1);
    assert.deepEqual([...memory.read(0x1000 + SLOT + 16, 2)], [7, 8]);
    assert.deepEqual(vectors, [VECTOR]);
  });

  it('set the flag of the port at the VP that the port names', () => {
    const [first, second] = [vp(), vp()];
    assert.equal(events([first.synic, second.synic], 1, 37).signal(), HvStatus.Success);
    assert.equal(second.memory.readU32(0x2000 + SLOT + 4), 1 << 5);
    assert.deepEqual([first.vectors, second.vectors], [[], [VECTOR]]);
  });

  const needed = Privilege.CreatePort | Privilege.ConnectPort;
  for (const [name, privileges, post, signal] of [
    ['a child', CHILD_PRIVILEGES, false, false],
    ['who may make ports and send nothing', needed, false, false],
    ['who may post', needed | Privilege.PostMessages, true, false],
    ['who may signal', needed | Privilege.SignalEvents, false, true],
    ['who may connect to ports and make none', ROOT_PRIVILEGES & ~Privilege.CreatePort, false, false],
    ['who may make ports and not connect to them', ROOT_PRIVILEGES & ~Privilege.ConnectPort, false, false],
    ['the root', ROOT_PRIVILEGES, true, true],
  ] as const) {
    it(`are made for ${name} as far as privileges reach`, () => {
      const { synic } = vp();
      const made = [connectMessages(privileges, [synic], 0, SINT), connectEvents(privileges, [synic], 0, SINT, 1)].map(
        (result) => (typeof result === 'number' ? statusName(result) : 'made'),
      );
      const wanted = [post, signal].map((allowed) => (allowed ? 'made' : 'HV_STATUS_ACCESS_DENIED'));
      assert.deepEqual(made, wanted);
    });
  }

  it('are not made to a VP or a SINT that is not there', () => {
    const { synic } = vp();
    assert.equal(connectMessages(ROOT_PRIVILEGES, [synic], 1, SINT), HvStatus.InvalidVpIndex);
    assert.equal(connectEvents(ROOT_PRIVILEGES, [synic], 1, SINT, 1), HvStatus.InvalidVpIndex);
    assert.equal(connectMessages(ROOT_PRIVILEGES, [synic], 0, 16), HvStatus.InvalidParameter);
  });

  it('lead nowhere once their port is deleted', () => {
    const { synic, memory, vectors } = vp();
    const [toMessages, toEvents] = [messages([synic]), events([synic], 0, 3)];
    toMessages.deletePort();
    toEvents.deletePort();
    assert.equal(toMessages.post(1, Uint8Array.of(1)), HvStatus.InvalidPortId);
    assert.equal(toMessages.hasRoom(), false);
    assert.equal(toEvents.signal(), HvStatus.InvalidPortId);
    assert.deepEqual([memory.readU32(0x1000 + SLOT), memory.readU32(0x2000 + SLOT), vectors], [0, 0, []]);
  });

  it('say when no buffer is left, and have room again when the guest reads', () => {
    const { synic, memory } = vp();
    const connection = messages([synic]);
    const fits = MAX_QUEUED_MESSAGES + 1;
    for (let sent = 0; sent < fits; sent++) assert.equal(connection.post(1, Uint8Array.of(1)), HvStatus.Success);
    assert.equal(connection.post(1, Uint8Array.of(1)), HvStatus.InsufficientBuffers);
    memory.writeU32(0x1000 + SLOT, 0);
    synic.endOfMessage();
    assert.equal(connection.hasRoom(), true);
    assert.equal(connection.post(1, Uint8Array.of(1)), HvStatus.Success);
  });

  it('say when the SynIC behind the port is off', () => {
    const { synic } = vp();
    const [toMessages, toEvents] = [messages([synic]), events([synic], 0, 3)];
    synic.scontrol = 0n;
    assert.equal(toMessages.post(1, Uint8Array.of(1)), HvStatus.InvalidSynicState);
    assert.equal(toEvents.signal(), HvStatus.InvalidSynicState);
  });
});
