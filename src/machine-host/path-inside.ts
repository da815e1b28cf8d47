const DRIVE = /^[a-z]:/i;

/**
 * The path of a file that a definition in `folder` names, or null when it lies outside of `root`. The paths given and
 * returned are those of URIs: absolute, with slashes. The file may be written with backslashes and may be absolute.
 */
export function pathInside(root: string, folder: string, file: string): string | null {
  const written = file.replaceAll('\\', '/');
  const absolute = DRIVE.test(written) ? `/${written}` : written.startsWith('/') ? written : `${folder}/${written}`;
  const path = normalized(absolute);
  const inside = root.endsWith('/') ? root : `${root}/`;
  return path?.startsWith(inside) && path.length > inside.length ? path : null;
}

/**
 * The first link between `root` and a path inside of it, that path included; null where there is none. Where a link leads
 * cannot be told from its path.
 */
export async function linkOnTheWay(
  root: string,
  path: string,
  isLink: (path: string) => Promise<boolean>,
): Promise<string | null> {
  let at = root.endsWith('/') ? root.slice(0, -1) : root;
  for (const part of path.slice(at.length + 1).split('/')) {
    at = `${at}/${part}`;
    if (await isLink(at)) return at;
  }
  return null;
}

/** Without `.` and `..`; null when it climbs above everything. */
function normalized(path: string): string | null {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return `/${parts.join('/')}`;
}
