/** What a guest says of itself in HV_X64_MSR_GUEST_OS_ID (TLFS 6.0b, "Guest OS Identity"), in words; null before. */
export function guestOsName(id: bigint): string | null {
  if (id === 0n) return null;
  const openSource = id >> 63n === 1n;
  const version = (id >> 16n) & 0xffffffffn;
  if (!openSource) return `operating system 0x${id.toString(16)}`;
  const type = Number((id >> 56n) & 0x7fn);
  const name = OPEN_SOURCE[type] ?? `open source type ${type}`;
  return `${name} ${version >> 16n}.${(version >> 8n) & 0xffn}.${version & 0xffn}`;
}

const OPEN_SOURCE: Readonly<Record<number, string>> = { 1: 'Linux', 2: 'FreeBSD', 3: 'Xen', 4: 'Illumos' };
