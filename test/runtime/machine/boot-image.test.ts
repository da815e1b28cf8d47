import assert from 'node:assert/strict';
import fc from 'fast-check';
import { acpiTables } from '../../../src/runtime/child/machine/acpi.js';
import { BootPlanError, planBoot } from '../../../src/runtime/child/machine/boot-plan.js';
import { readElf32 } from '../../../src/runtime/child/machine/elf.js';
import {
  KernelFormatError,
  type KernelImage,
  payloadFormat,
  readKernel,
} from '../../../src/runtime/child/machine/kernel-image.js';
import { elf } from './elf-file.js';

const MB = 1 << 20;

/** A bzImage of protocol 2.15 with one setup sector and this payload. */
function bzImage(payload: Uint8Array): Uint8Array {
  const file = Buffer.alloc(1024 + 16 + payload.length);
  file[0x1f1] = 1;
  file.writeUInt16LE(0xaa55, 0x1fe);
  file[0x201] = 0x66;
  file.write('HdrS', 0x202);
  file.writeUInt16LE(0x20f, 0x206);
  file[0x211] = 1;
  file.writeUInt32LE(2047, 0x238);
  file.writeUInt32LE(16, 0x248);
  file.writeUInt32LE(payload.length, 0x24c);
  file.writeBigUInt64LE(BigInt(16 * MB), 0x258);
  file.writeUInt32LE(4 * MB, 0x260);
  file.set(payload, 1040);
  return file;
}

const never = async () => null;

describe('machine child: kernels', () => {
  it('loads an ELF file by its segments, with room for what starts as zero', async () => {
    const kernel = await readKernel(elf([1, 2, 3], 4096), never);
    assert.deepEqual([kernel.entry, kernel.endAddress], [16 * MB, 16 * MB + 4096]);
    assert.deepEqual(Array.from(kernel.segments[0]!.data), [1, 2, 3]);
  });

  it('starts a bzImage at its unpacked kernel, or at its own unpacker where the host cannot', async () => {
    const packed = Uint8Array.of(0x1f, 0x8b, 8, 0);
    const unpacked = await readKernel(bzImage(packed), async (format, data) => {
      assert.deepEqual([format, Array.from(data)], ['gzip', Array.from(packed)]);
      return elf([9]);
    });
    assert.equal(unpacked.entry, 16 * MB);
    const self = await readKernel(bzImage(packed), never);
    assert.equal(self.entry, MB);
    assert.equal(self.endAddress, 20 * MB);
    assert.equal((await readKernel(bzImage(elf([9])), never)).entry, 16 * MB, 'a payload that is not packed');
  });

  it('says what is no kernel', async () => {
    await assert.rejects(readKernel(Buffer.from('#!/bin/sh\n'), never), KernelFormatError);
    await assert.rejects(readKernel(new Uint8Array(4096), never), /neither a Linux bzImage nor a 32-bit ELF/);
    const old = bzImage(new Uint8Array(8));
    old[0x206] = 0x04;
    await assert.rejects(readKernel(old, never), /boot protocol 2\.4/);
  });

  it('knows the ways of packing by their first bytes', () => {
    assert.equal(payloadFormat(Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)), 'xz');
    assert.equal(payloadFormat(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)), 'zstd');
    assert.equal(payloadFormat(Uint8Array.of(0, 0, 0)), null);
  });

  it('never fails in another way than by saying so, whatever the file holds', async () => {
    const damaged = fc
      .tuple(
        fc.constantFrom(elf([1, 2, 3]), bzImage(elf([1]))),
        fc.array(fc.tuple(fc.nat(1100), fc.nat(255)), { maxLength: 20 }),
      )
      .map(([file, changes]) => {
        const copy = Uint8Array.from(file);
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
        return copy;
      });
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 2000 })), async (file) => {
        try {
          await readKernel(file, never);
        } catch (error) {
          assert.ok(error instanceof KernelFormatError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reads no ELF file of another machine', () => {
    const arm = elf([1]);
    arm[18] = 40;
    assert.equal(readElf32(arm), null);
  });
});

describe('machine child: boot plan', () => {
  const kernel: KernelImage = {
    segments: [],
    entry: 16 * MB,
    setupHeader: Uint8Array.from([7]),
    endAddress: 32 * MB,
    commandLineBytes: 2048,
  };
  const request = { kernel, initrd: new Uint8Array(5000), commandLine: 'console=ttyS0', memoryBytes: 64 * MB };

  it('fills the boot parameters', () => {
    const plan = planBoot(request);
    const at = (address: number) => plan.segments.find((segment) => segment.address === address)!.data;
    const parameters = new DataView(at(plan.bootParameters).slice().buffer);
    assert.equal(parameters.getUint8(0x1f1), 7);
    assert.equal(Buffer.from(at(parameters.getUint32(0x228, true))).toString(), 'console=ttyS0\0');
    const initrd = parameters.getUint32(0x218, true);
    assert.equal(initrd % 4096, 0);
    assert.ok(initrd + 5000 <= 64 * MB && initrd >= kernel.endAddress);
    assert.equal(parameters.getUint8(0x1e8), 3, 'entries of the memory map');
    assert.equal(parameters.getBigUint64(0x2d0 + 40 + 8, true), BigInt(63 * MB));
  });

  it('says how much memory is missing', () => {
    assert.throws(() => planBoot({ ...request, memoryBytes: 32 * MB }), /at least 33 MB .* there are 32 MB/);
  });

  it('refuses a command line that is too long or not ASCII', () => {
    assert.throws(() => planBoot({ ...request, commandLine: 'x'.repeat(2048) }), BootPlanError);
    assert.throws(() => planBoot({ ...request, commandLine: 'naïve' }), BootPlanError);
  });
});

describe('machine child: ACPI tables', () => {
  const tables = acpiTables(0xe0000);
  const byAddress = new Map(tables.map(({ address, data }) => [address, Buffer.from(data)]));
  const sum = (bytes: Uint8Array) => bytes.reduce((total, byte) => (total + byte) & 0xff, 0);
  const root = byAddress.get(0xe0000)!;
  const xsdt = byAddress.get(Number(root.readBigUInt64LE(24)))!;
  const fadt = byAddress.get(Number(xsdt.readBigUInt64LE(36)))!;
  const dsdt = byAddress.get(fadt.readUInt32LE(40))!;

  it('hang together from the root pointer, every checksum zero and no two at one place', () => {
    assert.equal(sum(root.subarray(0, 20)), 0);
    assert.equal(sum(root), 0);
    for (const table of [xsdt, fadt, dsdt, byAddress.get(Number(xsdt.readBigUInt64LE(44)))!]) {
      assert.equal(sum(table), 0, table.toString('latin1', 0, 4));
      assert.equal(table.readUInt32LE(4), table.length);
    }
    const ends = tables.map(({ address, data }) => [address, address + data.length]).sort((a, b) => a[0]! - b[0]!);
    for (const [at, [start]] of ends.entries()) assert.ok(at === 0 || start! >= ends[at - 1]![1]!);
  });

  it('declare the VMBus device with package lengths that add up', () => {
    const aml = dsdt.subarray(36);
    assert.equal(aml[0], 0x10, 'a scope');
    const scope = (aml[1]! & 0xf) | (aml[2]! << 4);
    assert.equal(aml.toString('latin1', 3, 8), '\\_SB_');
    assert.equal(aml[1 + scope], 0x08, 'behind the scope comes the name \\_S5');
    assert.equal(aml.toString('latin1', 2 + scope, 6 + scope), '_S5_');
    assert.ok(aml.includes('_HID\rVMBus\0'));
  });
});
