/** Unpacks gzip into exactly `size` bytes; null where the stream is damaged or holds another number of bytes. */
export async function gunzip(packed: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const out = new Uint8Array(size);
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (let at = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return at === size ? out : null;
      if (at + value.length > size) return null;
      out.set(value, at);
      at += value.length;
    }
  } catch {
    return null;
  } finally {
    void reader.cancel().catch(() => {});
  }
}
