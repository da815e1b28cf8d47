/**
 * Which release of Hyper-V a build of Windows brings. Source: Microsoft Learn, Windows Server release information; builds
 * before Windows Server 2016 are recalled.
 */

interface WindowsBuild {
  build: number;
  /** As in `hypervisor hyper-v …`. */
  release: string;
}

const WINDOWS_BUILDS: readonly WindowsBuild[] = [
  { build: 6001, release: '2008' },
  { build: 6002, release: '2008' },
  { build: 7600, release: '2008R2' },
  { build: 7601, release: '2008R2SP1' },
  { build: 9200, release: '2012' },
  { build: 9600, release: '2012R2' },
  { build: 14393, release: '2016' },
  { build: 17763, release: '2019' },
  { build: 20348, release: '2022' },
  { build: 26100, release: '2025' },
];

/**
 * The release of a build of Windows, `exact` where it is that build of the server; otherwise the newest release that is not
 * newer. Undefined for what is older than Hyper-V.
 */
export function releaseOfBuild(build: number): { release: string; exact: boolean } | undefined {
  const row = WINDOWS_BUILDS.findLast((candidate) => candidate.build <= build);
  return row && { release: row.release, exact: row.build === build };
}
