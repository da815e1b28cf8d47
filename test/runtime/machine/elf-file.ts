const MB = 1 << 20;

/** A 32-bit ELF executable with one segment at 16 MB. */
export function elf(code: number[], bytes = code.length): Uint8Array {
  const file = Buffer.alloc(84 + code.length);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(3, 18);
  file.writeUInt32LE(16 * MB, 24);
  file.writeUInt32LE(52, 28);
  file.writeUInt16LE(1, 44);
  [1, 84, 16 * MB, 16 * MB, code.length, bytes].forEach((value, at) => {
    file.writeUInt32LE(value, 52 + at * 4);
  });
  file.set(code, 84);
  return file;
}
