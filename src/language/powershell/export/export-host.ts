import { findRelease, RELEASES } from '../../../model/catalog/releases.js';
import { formatBytes, formatPercent } from '../../../model/format.js';
import type { Child, Hardware, HostModel, Parent, VirtualSwitch } from '../../../model/host-model.js';
import { machineLines } from './export-machine.js';
import { SCRIPT_FUNCTIONS } from './functions.js';
import { ExportError, literal, remark } from './quoting.js';

/** The Hyper-V module came with this release. */
const FIRST_WITH_CMDLETS = '2012';

/**
 * A PowerShell script that makes the switches and machines of a host; a second run changes what is different and leaves the
 * rest. Throws ExportError for hosts that have no cmdlets, for names with control characters, and for names that Hyper-V cannot
 * tell apart.
 */
export function exportPowerShell(host: HostModel): string {
  refuseOthers(host);
  refuseEqualNames(host);
  const release = findRelease(host.hypervisor.release ?? '');
  return [
    '#Requires -Version 3.0',
    '#Requires -RunAsAdministrator',
    '#Requires -Modules Hyper-V',
    remark(`The switches and machines of ${host.name}, for Hyper-V on ${release?.title}.`),
    remark('It can run again: what is there is changed where it differs, and nothing is removed.'),
    remark('Machines that are not off are left as they are. Workloads, scenarios and the hardware are no part of it.'),
    "$ErrorActionPreference = 'Stop'",
    '',
    SCRIPT_FUNCTIONS,
    '',
    ...hostLines(host),
    ...host.switches.flatMap((each) => ['', ...switchLines(each, host)]),
    ...host.children.flatMap((child) => ['', ...machineLines(child)]),
    '',
  ].join('\n');
}

function refuseOthers({ name, hypervisor }: HostModel): void {
  if (hypervisor.architecture !== 'hyper-v') {
    throw new ExportError(`${name} runs ${hypervisor.architecture}: only hosts of Hyper-V become a PowerShell script`);
  }
  const age = RELEASES.findIndex(({ id }) => id === findRelease(hypervisor.release ?? '')?.id);
  const first = RELEASES.findIndex(({ id }) => id === FIRST_WITH_CMDLETS);
  if (age >= first) return;
  throw new ExportError(
    `${name} runs Hyper-V ${hypervisor.release}, which has no PowerShell module; it came with ${RELEASES[first]?.title}`,
  );
}

/** Cmdlets find things by their names in any case, so that the second of two would be written over the first. */
function refuseEqualNames({ switches, children }: HostModel): void {
  for (const [what, named] of [
    ['switches', switches],
    ['machines', children],
  ] as const) {
    const names = new Map<string, string>();
    for (const { name } of named) {
      const other = names.get(name.toLowerCase());
      if (other !== undefined) throw new ExportError(`Hyper-V cannot tell the ${what} '${other}' and '${name}' apart`);
      names.set(name.toLowerCase(), name);
    }
  }
}

function hostLines({ hypervisor, parent, cpuGroups }: HostModel): string[] {
  const spanning = hypervisor.numaSpanning !== false;
  return [
    `if ((Get-VMHost).NumaSpanningEnabled -ne $${spanning}) { Set-VMHost -NumaSpanningEnabled $${spanning} }`,
    ...(hypervisor.scheduler === null || hypervisor.scheduler === 'ideal'
      ? []
      : [remark(`The scheduler has no cmdlet: bcdedit /set hypervisorschedulertype ${hypervisor.scheduler}`)]),
    ...(parent === null ? [] : parentLines(parent)),
    ...cpuGroups.map(({ name, limitPercent }) =>
      remark(`The CPU group ${name} takes at most ${formatPercent(limitPercent)} of the host; it has no cmdlet.`),
    ),
  ];
}

function parentLines({ reserve, virtualProcessors }: Parent): string[] {
  const taken = `${formatPercent(reserve.cpuPercent)} of the processors and ${formatBytes(reserve.memoryBytes)}`;
  return [
    ...(reserve.policy === 'automatic' ? [] : [remark(`The parent reserves ${taken}; there is no cmdlet for that.`)]),
    ...(virtualProcessors === null
      ? []
      : [
          remark(
            `The parent has ${virtualProcessors} processors: bcdedit /set hypervisorrootproc ${virtualProcessors}`,
          ),
        ]),
  ];
}

function switchLines({ name, kind, nic }: VirtualSwitch, { hardware, children }: HostModel): string[] {
  const type = kind === 'internal' ? 'Internal' : 'Private';
  const where =
    nic === undefined ? `-SwitchType ${type}` : `${adapterArgument(nic, hardware)} -AllowManagementOS $true`;
  return [
    `if (-not (Get-VMSwitch | Where-Object Name -EQ ${literal(name)})) {`,
    `    New-VMSwitch -Name ${literal(name)} ${where}${switchMode(name, children)} | Out-Null`,
    '}',
  ];
}

/** What a switch can be told only when it is made. */
function switchMode(name: string, children: readonly Child[]): string {
  const nics = children.flatMap((child) => child.nics.filter((nic) => nic.switch === name));
  const iov = nics.some(({ sriov }) => sriov) ? ' -EnableIov $true' : '';
  if (nics.some(({ bandwidth }) => bandwidth?.reserveBitsPerSecond !== undefined))
    return `${iov} -MinimumBandwidthMode Absolute`;
  return nics.some(({ bandwidth }) => bandwidth?.weight !== undefined) ? `${iov} -MinimumBandwidthMode Weight` : iov;
}

/** By the description where it tells the adapters apart: connections are renamed more often. */
function adapterArgument(nic: string, { nics }: Hardware): string {
  const title = nics.find(({ name }) => name === nic)?.title ?? nic;
  const isUnique = nics.filter((each) => each.title === title).length === 1;
  if (title === nic || !isUnique) return `-NetAdapterName ${literal(nic)}`;
  return `-NetAdapterInterfaceDescription ${literal(title)}`;
}
