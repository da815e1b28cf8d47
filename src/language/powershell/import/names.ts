/** Names of things as the language can write them: letters, digits and hyphens, each once. */
export class Names {
  private readonly given: Set<string>;

  /** @param reserved Names that cannot be given. */
  constructor(reserved: readonly string[] = []) {
    this.given = new Set(reserved);
  }

  /** The name itself where the language can write it, otherwise one like it. `fallback` where nothing is left of it. */
  give(wanted: string, fallback: string): string {
    const name = identifier(wanted) || fallback;
    let free = name;
    for (let number = 2; this.given.has(free); number++) free = `${name}-${number}`;
    this.given.add(free);
    return free;
  }
}

function identifier(text: string): string {
  const words = text
    .normalize('NFC')
    .replace(/[^\w\-À-ɏ]+/g, '-')
    .replace(/-+$/, '');
  if (/^[0-9-]/.test(words)) return words.replace(/-/g, '') === '' ? '' : `_${words}`;
  return words;
}
