import { constants } from 'node:fs';
import { copyFile, type FileHandle, open } from 'node:fs/promises';

const CHUNK = 1 << 20;
const ZEROES = Buffer.alloc(CHUNK);

/** Copies a disk's file durably: sharing its blocks where the file system can, else leaving holes where it is empty. */
export async function copySparse(from: string, to: string): Promise<void> {
  const shared = await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => false, // most file systems cannot
  );
  const target = await open(to, shared ? 'r+' : 'w');
  try {
    if (!shared) await copyInto(target, from);
    await target.sync();
  } finally {
    await target.close();
  }
}

async function copyInto(target: FileHandle, from: string): Promise<void> {
  const source = await open(from, 'r');
  const buffer = Buffer.alloc(CHUNK);
  try {
    for (let at = 0; ; ) {
      const { bytesRead } = await source.read(buffer, 0, CHUNK, at);
      if (bytesRead === 0) return await target.truncate(at);
      const data = buffer.subarray(0, bytesRead);
      if (!data.equals(ZEROES.subarray(0, bytesRead))) await writeAll(target, data, at);
      at += bytesRead;
    }
  } finally {
    await source.close();
  }
}

async function writeAll(target: FileHandle, data: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < data.length; ) {
    at += (await target.write(data, at, data.length - at, position + at)).bytesWritten;
  }
}
