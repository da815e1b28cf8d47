/**
 * What firmware leaves behind for a kernel: a VGA adapter in text mode 3, 80 x 25 characters of 16 colours, and a keyboard
 * controller that translates to scan code set 1. A bare machine has no firmware, so that a few instructions in front of the
 * kernel set the registers. Values as the IBM technical references of VGA and PS/2 give them.
 */

export const TEXT_COLUMNS = 80;
export const TEXT_LINES = 25;
export const CHARACTER_LINES = 16;

/** Register file behind an index and a data port. */
interface RegisterFile {
  index: number;
  values: readonly number[];
}

const MISCELLANEOUS_OUTPUT = 0x3c2;
const KEYBOARD_COMMAND = 0x64;
const KEYBOARD_DATA = 0x60;
/** Of the keyboard controller: its next data is its command byte. */
const WRITE_COMMAND_BYTE = 0x60;
/** Interrupts of the keyboard, self-test passed, translation. */
const TRANSLATES = 0x45;
const ATTRIBUTE = 0x3c0;
const DAC_INDEX = 0x3c8;
const DAC_DATA = 0x3c9;
const INPUT_STATUS = 0x3da;
const SEQUENCER: RegisterFile = { index: 0x3c4, values: [0x03, 0x00, 0x03, 0x00, 0x02] };
const GRAPHICS: RegisterFile = { index: 0x3ce, values: [0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0e, 0x00, 0xff] };
const CRT_INDEX = 0x3d4;
/** Register 0x11 locks the first eight: it comes first, open. */
const CRT_LOCK = [0x11, 0x0e] as const;
const CRT: RegisterFile = {
  index: CRT_INDEX,
  values: [
    0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f, 0x00, 0x4f, 0x0d, 0x0e, 0x00, 0x00, 0x00, 0x00, 0x9c, 0x8e, 0x8f,
    0x28, 0x1f, 0x96, 0xb9, 0xa3, 0xff,
  ],
};
/** Sixteen colours, then mode, overscan, planes, panning and colour select. */
const ATTRIBUTES = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x0c, 0x00, 0x0f,
  0x08, 0x00,
];
const SHOW = 0x20;

/** Code for `address` that does so and goes on at `entry`, with ESI as the Linux boot protocol wants it. It needs no stack. */
export function setupCode(address: number, entry: number, esi: number): Uint8Array {
  const table = registerWrites();
  const code = Uint8Array.of(
    ...[0xba, ...long(INPUT_STATUS)], //     mov edx, 0x3da
    0xec, //                                 in al, dx: the attribute port takes an index next
    ...[0xbe, ...long(address + CODE_BYTES)], // mov esi, table
    ...[0x66, 0xad], //                next: lodsw
    ...[0x66, 0x85, 0xc0], //                test ax, ax
    ...[0x74, 0x06], //                      jz done
    ...[0x89, 0xc2], //                      mov edx, eax
    0xac, //                                 lodsb
    0xee, //                                 out dx, al
    ...[0xeb, 0xf3], //                      jmp next
    ...[0xbe, ...long(esi)], //        done: mov esi, boot parameters
    ...[0xb9, ...long(entry)], //            mov ecx, entry
    ...[0xff, 0xe1], //                      jmp ecx
  );
  const bytes = new Uint8Array(CODE_BYTES + table.length * 3 + 2);
  bytes.set(code);
  for (const [at, [port, value]] of table.entries()) {
    bytes.set([port & 0xff, port >> 8, value], CODE_BYTES + at * 3);
  }
  return bytes;
}

const CODE_BYTES = 36;

function registerWrites(): [port: number, value: number][] {
  return [
    [KEYBOARD_COMMAND, WRITE_COMMAND_BYTE],
    [KEYBOARD_DATA, TRANSLATES],
    [MISCELLANEOUS_OUTPUT, 0x67],
    ...indexed(SEQUENCER),
    [CRT_INDEX, CRT_LOCK[0]],
    [CRT_INDEX + 1, CRT_LOCK[1]],
    ...indexed(CRT),
    ...indexed(GRAPHICS),
    ...ATTRIBUTES.flatMap((value, index): [number, number][] => [
      [ATTRIBUTE, index],
      [ATTRIBUTE, value],
    ]),
    [ATTRIBUTE, SHOW],
    [DAC_INDEX, 0],
    ...palette().map((value): [number, number] => [DAC_DATA, value]),
  ];
}

function indexed({ index, values }: RegisterFile): [number, number][] {
  return values.flatMap((value, register): [number, number][] => [
    [index, register],
    [index + 1, value],
  ]);
}

/** The 64 colours of an EGA in the six bits of each part: two thirds by bits 2 to 0, a third by bits 5 to 3. */
function palette(): number[] {
  const part = (colour: number, bit: number) => 42 * ((colour >> bit) & 1) + 21 * ((colour >> (bit + 3)) & 1);
  return Array.from({ length: 64 }, (_, colour) => [part(colour, 2), part(colour, 1), part(colour, 0)]).flat();
}

function long(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24];
}
