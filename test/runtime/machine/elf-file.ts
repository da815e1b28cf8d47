const MB = 1 << 20;

/** A 32-bit ELF executable with one segment at 16 MB. Runs in a browser too. */
export function elf(code: number[], bytes = code.length): Uint8Array {
  const file = new Uint8Array(84 + code.length);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 3, true);
  view.setUint32(24, 16 * MB, true);
  view.setUint32(28, 52, true);
  view.setUint16(44, 1, true);
  [1, 84, 16 * MB, 16 * MB, code.length, bytes].forEach((value, at) => {
    view.setUint32(52 + at * 4, value, true);
  });
  file.set(code, 84);
  return file;
}
