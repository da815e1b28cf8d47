import { acpiTables } from './acpi.js';
import type { Segment } from './elf.js';
import { CHARACTER_LINES, setupCode, TEXT_COLUMNS, TEXT_LINES } from './firmware-setup.js';
import type { KernelImage } from './kernel-image.js';

/** What lies where in memory when the guest takes its first step (Linux boot protocol, 32-bit entry). */
export interface BootPlan {
  segments: Segment[];
  entry: number;
  /** ESI at entry. */
  bootParameters: number;
  gdt: number;
}

/** The child cannot be started as it is described; the message says what is missing. */
export class BootPlanError extends Error {}

const GDT = 0x1000;
const SETUP_CODE = 0x2000;
const BOOT_PARAMETERS = 0x10000;
const COMMAND_LINE = 0x20000;
const ACPI_AREA = 0xe0000;
const ONE_MB = 0x100000;
const PAGE = 4096;
/** Left free above the initrd. */
const TOP_MARGIN = 0x10000;

const RAM = 1;
const ACPI_RECLAIMABLE = 3;

export interface BootRequest {
  kernel: KernelImage;
  initrd: Uint8Array | null;
  commandLine: string;
  memoryBytes: number;
  /** A PC without VMBus. */
  bare?: boolean;
}

/** Lays out kernel, initrd, command line, boot parameters and ACPI tables. Throws BootPlanError. */
export function planBoot(request: BootRequest): BootPlan {
  const { kernel, initrd, memoryBytes } = request;
  const initrdBytes = initrd?.length ?? 0;
  const initrdAt = Math.floor((memoryBytes - initrdBytes - TOP_MARGIN) / PAGE) * PAGE;
  if (initrdAt < kernel.endAddress) {
    const needed = Math.ceil((kernel.endAddress + initrdBytes + TOP_MARGIN + PAGE) / ONE_MB);
    throw new BootPlanError(
      `the kernel and its initrd need at least ${needed} MB of memory to start, and there are ${Math.floor(memoryBytes / ONE_MB)} MB`,
    );
  }
  const commandLine = asciiZ(request.commandLine);
  if (commandLine.length > kernel.commandLineBytes) {
    throw new BootPlanError(`the command line has more than ${kernel.commandLineBytes - 1} characters`);
  }
  const parameters = bootParameters(request, initrdAt);
  const segments = [
    ...kernel.segments,
    whole(BOOT_PARAMETERS, parameters),
    whole(COMMAND_LINE, commandLine),
    ...acpiTables(ACPI_AREA, request.bare === true).map(({ address, data }) => whole(address, data)),
  ];
  if (initrd !== null) segments.push(whole(initrdAt, initrd));
  const plan = { segments, entry: kernel.entry, bootParameters: BOOT_PARAMETERS, gdt: GDT };
  if (request.bare !== true) return plan;
  segments.push(whole(SETUP_CODE, setupCode(SETUP_CODE, kernel.entry, BOOT_PARAMETERS)));
  return { ...plan, entry: SETUP_CODE };
}

/** struct boot_params, the "zero page". */
function bootParameters(request: BootRequest, initrdAt: number): Uint8Array {
  const { kernel, initrd, memoryBytes } = request;
  const bytes = new Uint8Array(PAGE);
  const view = new DataView(bytes.buffer);
  bytes.set(kernel.setupHeader, 0x1f1);
  bytes[0x210] = 0xff; // a boot loader without a number of its own
  view.setUint8(0x211, view.getUint8(0x211) | 1);
  view.setUint32(0x228, COMMAND_LINE, true);
  view.setBigUint64(0x70, BigInt(ACPI_AREA), true);
  if (request.bare === true) describeTextScreen(bytes);
  if (initrd !== null) {
    view.setUint32(0x218, initrdAt, true);
    view.setUint32(0x21c, initrd.length, true);
  }
  const map: [number, number, number][] = [
    [0, 0x9f000, RAM],
    [ACPI_AREA, 0x20000, ACPI_RECLAIMABLE],
    [ONE_MB, memoryBytes - ONE_MB, RAM],
  ];
  bytes[0x1e8] = map.length;
  for (const [index, [start, length, type]] of map.entries()) {
    const at = 0x2d0 + index * 20;
    view.setBigUint64(at, BigInt(start), true);
    view.setBigUint64(at + 8, BigInt(length), true);
    view.setUint32(at + 16, type, true);
  }
  return bytes;
}

/** struct screen_info, at the beginning of the zero page: a VGA adapter in text mode 3. */
function describeTextScreen(bytes: Uint8Array): void {
  bytes[0x06] = 3;
  bytes[0x07] = TEXT_COLUMNS;
  bytes[0x0a] = 0x10; // more than a CGA
  bytes[0x0e] = TEXT_LINES;
  bytes[0x0f] = 1; // a VGA
  bytes[0x10] = CHARACTER_LINES;
}

function whole(address: number, data: Uint8Array): Segment {
  return { address, data, bytes: data.length };
}

function asciiZ(text: string): Uint8Array {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new BootPlanError('the command line has characters that are not ASCII');
  return Uint8Array.from([...text].map((letter) => letter.charCodeAt(0)).concat(0));
}
