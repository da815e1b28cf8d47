/**
 * The ACPI tables of a machine child (ACPI 6.4, chapters 5 and 20): one processor, one I/O APIC, power off, and the
 * device that a guest looks for before it talks to VMBus. Written here, so that no firmware is needed.
 */
export interface AcpiTable {
  address: number;
  data: Uint8Array;
}

/** Memory that a guest may give to its synthetic devices, above all RAM. */
const MMIO_START = 0xf8000000;
const MMIO_BYTES = 0x04000000;

/** Ports of the power management block that v86 has (its PIIX4). */
const PM1_EVENT = 0xb000;
const PM1_CONTROL = 0xb004;
const PM_TIMER = 0xb008;
const GPE0 = 0xafe0;
const SCI_INTERRUPT = 9;
const SOFT_OFF_TYPE = 5;

/** PNP0A03 as ACPI compresses it. */
const PCI_ROOT = 0x030ad041;

const OEM = 'HVHOST';
const TABLE_HEADER = 36;

/** All tables with the place where each goes; the root pointer lies at `base`, and `base` + 4 KB holds everything. `bare`: PCI, no VMBus. */
export function acpiTables(base: number, bare = false): AcpiTable[] {
  const tables: AcpiTable[] = [];
  let next = base + 64;
  const place = (data: Uint8Array): number => {
    const address = next;
    tables.push({ address, data });
    next = (next + data.length + 63) & ~63;
    return address;
  };
  const dsdt = place(table('DSDT', 2, Uint8Array.from([...(bare ? pciBus() : vmbusDevice()), ...softOff()])));
  const facs = place(facsTable());
  const fadt = place(fadtTable(facs, dsdt));
  const madt = place(madtTable());
  const xsdt = place(table('XSDT', 1, new Uint8Array(new BigUint64Array([BigInt(fadt), BigInt(madt)]).buffer)));
  tables.push({ address: base, data: rootPointer(xsdt) });
  return tables;
}

function rootPointer(xsdt: number): Uint8Array {
  const bytes = new Uint8Array(36);
  const view = new DataView(bytes.buffer);
  bytes.set(ascii('RSD PTR '), 0);
  bytes.set(ascii(OEM), 9);
  bytes[15] = 2;
  view.setUint32(20, bytes.length, true);
  view.setBigUint64(24, BigInt(xsdt), true);
  bytes[8] = checksum(bytes.subarray(0, 20));
  bytes[32] = checksum(bytes);
  return bytes;
}

function facsTable(): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set(ascii('FACS'), 0);
  bytes[4] = bytes.length;
  return bytes;
}

function fadtTable(facs: number, dsdt: number): Uint8Array {
  const body = new Uint8Array(244 - TABLE_HEADER);
  const view = new DataView(body.buffer);
  const word = (offset: number, value: number) => view.setUint32(offset - TABLE_HEADER, value, true);
  const short = (offset: number, value: number) => view.setUint16(offset - TABLE_HEADER, value, true);
  const byte = (offset: number, value: number) => view.setUint8(offset - TABLE_HEADER, value);
  word(36, facs);
  word(40, dsdt);
  short(46, SCI_INTERRUPT);
  word(56, PM1_EVENT);
  word(64, PM1_CONTROL);
  word(76, PM_TIMER);
  word(80, GPE0);
  byte(88, 4); // lengths of the four blocks
  byte(89, 2);
  byte(91, 4);
  byte(92, 4);
  short(96, 0xfff); // no C2, no C3
  short(98, 0xfff);
  short(109, 0b11); // legacy devices and a keyboard controller
  word(112, 0b100101); // WBINVD works, C1 works, the sleep button is no fixed hardware
  return table('FACP', 3, body);
}

function madtTable(): Uint8Array {
  const localApic = [0, 8, 0, 0, 1, 0, 0, 0];
  const ioApic = [1, 12, 0, 0, ...word(0xfec00000), ...word(0)];
  const sciLevelLow = [2, 10, 0, SCI_INTERRUPT, ...word(SCI_INTERRUPT), 0x0d, 0];
  const body = [...word(0xfee00000), ...word(1), ...localApic, ...ioApic, ...sciLevelLow];
  return table('APIC', 1, Uint8Array.from(body));
}

/** \_SB.VMBS: _HID "VMBus", which is no valid EISA name, and _CRS with memory for devices. */
function vmbusDevice(): number[] {
  const memory = [0x87, 23, 0, 0, 0x0c, 0x03, ...word(0), ...word(MMIO_START)];
  memory.push(...word(MMIO_START + MMIO_BYTES - 1), ...word(0), ...word(MMIO_BYTES));
  const resources = [...memory, 0x79, 0];
  const buffer = [0x11, ...packaged([0x0a, resources.length, ...resources])];
  const names = [
    ...named('_HID', [0x0d, ...ascii('VMBus'), 0]),
    ...named('_UID', [0x00]),
    ...named('_STA', [0x0a, 0x0f]),
    ...named('_CRS', buffer),
  ];
  return systemDevice('VMBS', names);
}

/** \_SB.PCI0: a PCI bus, which a guest with ACPI looks for nowhere else, with the ports and the memory behind it. */
function pciBus(): number[] {
  const range = (type: number, flags: number, from: number, to: number) => {
    const sizes = [from, to, 0, to - from + 1].flatMap((value) => word(value).slice(0, 2));
    return [0x88, 13, 0, type, 0x0c, flags, 0, 0, ...sizes];
  };
  const memory = (from: number, to: number) => {
    return [0x87, 23, 0, 0, 0x0c, 0x03, ...word(0), ...word(from), ...word(to), ...word(0), ...word(to - from + 1)];
  };
  const configurationPorts = [0x47, 0x01, 0xf8, 0x0c, 0xf8, 0x0c, 1, 8];
  const buses = range(2, 0, 0, 0xff);
  const ports = [...range(1, 3, 0, 0xcf7), ...configurationPorts, ...range(1, 3, 0xd00, 0xffff)];
  const resources = [...buses, ...ports, ...memory(0xa0000, 0xbffff), ...memory(0xe0000000, 0xf7ffffff), 0x79, 0];
  return systemDevice('PCI0', [
    ...named('_HID', [0x0c, ...word(PCI_ROOT)]),
    ...named('_UID', [0x00]),
    ...named('_CRS', [0x11, ...packaged([0x0a, resources.length, ...resources])]),
  ]);
}

function systemDevice(name: string, content: number[]): number[] {
  const device = [0x5b, 0x82, ...packaged([...ascii(name), ...content])];
  return [0x10, ...packaged([...ascii('\\_SB_'), ...device])];
}

/** \_S5: what to write into the sleep type for power off. */
function softOff(): number[] {
  const elements = [0x0a, SOFT_OFF_TYPE, 0x0a, SOFT_OFF_TYPE, 0x00, 0x00];
  return named('_S5_', [0x12, ...packaged([4, ...elements])]);
}

function named(name: string, value: number[]): number[] {
  return [0x08, ...ascii(name), ...value];
}

/** AML's package length counts itself: one byte below 64, else four low bits and a byte. */
function packaged(content: number[]): number[] {
  if (content.length + 1 < 64) return [content.length + 1, ...content];
  const length = content.length + 2;
  return [0x40 | (length & 0xf), length >> 4, ...content];
}

function table(signature: string, revision: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(TABLE_HEADER + body.length);
  const view = new DataView(bytes.buffer);
  bytes.set(ascii(signature), 0);
  view.setUint32(4, bytes.length, true);
  bytes[8] = revision;
  bytes.set(ascii(OEM), 10);
  bytes.set(ascii('MACHINE '), 16);
  view.setUint32(24, 1, true);
  bytes.set(ascii('HVHO'), 28);
  view.setUint32(32, 1, true);
  bytes.set(body, TABLE_HEADER);
  bytes[9] = checksum(bytes);
  return bytes;
}

/** What makes the sum of all bytes zero. */
function checksum(bytes: Uint8Array): number {
  return (256 - (bytes.reduce((sum, byte) => sum + byte, 0) & 0xff)) & 0xff;
}

function word(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}
