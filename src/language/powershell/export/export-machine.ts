/** One machine: made where it is not there, then brought into the state of its definition. */
import { INTEGRATION_SERVICES } from '../../../model/catalog/integration-services.js';
import type { Child, VirtualDisk, VirtualNic } from '../../../model/host-model.js';
import { literal, remark } from './quoting.js';

/** Places on one controller; there are two of IDE and up to four of SCSI. */
const PLACES = { ide: 2, scsi: 64 } as const;

export function machineLines(child: Child): string[] {
  const { name, generation, memory } = child;
  return [
    ...notes(child),
    `$vm = Get-Machine -Name ${literal(name)} -Generation ${generation} -Memory ${memory.startupBytes}`,
    "if ($vm.State -ne 'Off') {",
    '    Write-Warning "$($vm.Name) is not off: it is left as it is."',
    '} else {',
    ...[
      processorLine(child),
      memoryLine(child),
      lifeLine(child),
      ...child.disks.flatMap(diskLines),
      ...adapterLines(child),
      ...serviceLines(child),
    ].map((line) => `    ${line}`),
    '}',
  ];
}

function notes({ name, operatingSystem, kind, boots, processors }: Child): string[] {
  const isWhole = Number.isInteger(processors.reservePercent) && Number.isInteger(processors.limitPercent);
  return [
    remark(`--- ${name}: ${operatingSystem}`),
    ...(kind === 'legacy' ? [remark('A legacy child: its operating system uses emulated devices only.')] : []),
    ...(kind === 'xen'
      ? [remark('A Xen-enabled child: its operating system needs the Linux Integration Components.')]
      : []),
    ...(boots === undefined
      ? []
      : [remark(`It boots ${boots.kernel} by itself; Hyper-V boots from a disk or the network.`)]),
    ...(processors.group === undefined ? [] : [remark(`It belongs to the CPU group ${processors.group}.`)]),
    ...(isWhole ? [] : [remark('Its reserve and limit are rounded to whole percents.')]),
  ];
}

function processorLine({ processors }: Child): string {
  const { count, reservePercent, limitPercent, weight } = processors;
  const share = `-Reserve ${Math.round(reservePercent)} -Maximum ${Math.round(limitPercent)} -RelativeWeight ${weight}`;
  return `Set-VMProcessor -VM $vm -Count ${count} ${share}`;
}

function memoryLine({ memory }: Child): string {
  if (memory.kind === 'static') {
    return `Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes ${memory.startupBytes}`;
  }
  const bounds = `-MinimumBytes ${memory.minimumBytes} -StartupBytes ${memory.startupBytes} -MaximumBytes ${memory.maximumBytes}`;
  const tuning = `-Buffer ${Math.round(memory.bufferPercent)} -Priority ${memory.priority}`;
  return `Set-VMMemory -VM $vm -DynamicMemoryEnabled $true ${bounds} ${tuning}`;
}

const STARTS = { always: 'Start', 'if-running': 'StartIfRunning', never: 'Nothing' } as const;
const STOPS = { 'shut-down': 'ShutDown', save: 'Save', 'turn-off': 'TurnOff' } as const;

/** Delays are whole seconds there. */
function lifeLine({ start, stop }: Child): string {
  const delay = Math.ceil(start.delayNs / 1e9);
  const begin = `-AutomaticStartAction ${STARTS[start.action]} -AutomaticStartDelay ${delay}`;
  return `Set-VM -VM $vm ${begin} -AutomaticStopAction ${STOPS[stop]}`;
}

function diskLines(disk: VirtualDisk): string[] {
  const number = Math.floor(disk.slot / PLACES[disk.controller]);
  const location = disk.slot % PLACES[disk.controller];
  const place = `-VM $vm -Type ${disk.controller.toUpperCase()} -Number ${number} -Location ${location}`;
  if (disk.allocation === 'pass-through') return [passThroughLine(disk, place)];
  if (disk.format === 'raw') return [remark(`${disk.file} is a raw image, which Hyper-V cannot attach.`)];
  if (/\.avhdx?$/i.test(disk.file))
    return [remark(`${disk.file} belongs to a checkpoint, which no cmdlet makes anew.`)];
  return [
    `$path = Get-DiskPath ${literal(fileOf(disk))}`,
    `if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path ${contentOf(disk)} | Out-Null }`,
    `Add-FileDrive ${place} -Path $path`,
  ];
}

/** "Disk 2" is what Hyper-V calls the physical disk of that number, and what an imported host calls it. */
function passThroughLine({ file }: VirtualDisk, place: string): string {
  const number = /^disk (\d{1,4})\b/i.exec(file)?.[1];
  if (number === undefined) return remark(`${file} is a physical disk: which number it has is not said.`);
  return `Add-PassThroughDrive ${place} -DiskNumber ${Number(number)}`;
}

/** New-VHD takes the format from the ending. */
function fileOf({ file, format }: VirtualDisk): string {
  return /\.vhdx?$/i.test(file) ? file : `${file}.${format}`;
}

function contentOf({ allocation, base, bytes }: VirtualDisk): string {
  if (allocation === 'differencing' && base !== undefined)
    return `-ParentPath (Get-DiskPath ${literal(base)}) -Differencing`;
  return `-SizeBytes ${bytes} ${allocation === 'fixed' ? '-Fixed' : '-Dynamic'}`;
}

function adapterLines({ nics }: Child): string[] {
  const used = { legacy: 0, synthetic: 0 };
  return nics.map((nic) => {
    const { kind, switch: name, vlan, trunk } = nic;
    const place = `-Legacy $${kind === 'legacy'} -Index ${used[kind]++}`;
    return `Set-MachineAdapter -VM $vm ${place} -Switch ${literal(name)} -Vlan ${vlan ?? 0}${trunkOf(trunk)}${policyOf(nic)}`;
  });
}

/** The list of Set-VMNetworkAdapterVlan; the VLAN is the native one then. */
function trunkOf(trunk: VirtualNic['trunk']): string {
  if (trunk === undefined) return '';
  const ranges = trunk.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
  return ` -Trunk ${literal(ranges.join(','))}`;
}

/** What Set-VMNetworkAdapter takes for it; bandwidths are multiples of 8. */
function policyOf({ bandwidth, sriov }: VirtualNic): string {
  const octets = (bitsPerSecond: number) => Math.max(8, Math.round(bitsPerSecond / 8) * 8);
  const { limitBitsPerSecond, reserveBitsPerSecond, weight } = bandwidth ?? {};
  const settings = [
    ...(limitBitsPerSecond === undefined ? [] : [`MaximumBandwidth = ${octets(limitBitsPerSecond)}`]),
    ...(reserveBitsPerSecond === undefined ? [] : [`MinimumBandwidthAbsolute = ${octets(reserveBitsPerSecond)}`]),
    ...(weight === undefined ? [] : [`MinimumBandwidthWeight = ${weight}`]),
    ...(sriov ? ['IovWeight = 100'] : []),
  ];
  return settings.length === 0 ? '' : ` -Policy @{ ${settings.join('; ')} }`;
}

/** Those that are off by default stay as they are: a definition says only which are off. */
function serviceLines({ integrationServicesOff }: Child): string[] {
  return INTEGRATION_SERVICES.filter(({ onByDefault }) => onByDefault).map(({ title, componentId }) => {
    const enabled = !integrationServicesOff.includes(title);
    return `Set-MachineService -VM $vm -Component ${componentId} -Enabled $${enabled} # ${title}`;
  });
}
