/** For each rule a text that breaks it and the nearest text that does not. */
import type { RuleCode } from '../../../src/language/validation/rules.js';
import { HARDWARE } from '../workbench.js';

export interface RuleCase {
  fires: string;
  quiet: string;
}

const host = (body: string, hypervisor = 'hyper-v 2025') => `${HARDWARE}
host H on Box {
    hypervisor ${hypervisor}
    switch Lan external on lan1
    ${body}
}
`;
const child = (body: string, head = '"Windows Server 2025"', hypervisor?: string) =>
  host(`child c ${head} { ${body} }`, hypervisor);
const onHardware = (hardware: string, hypervisor: string, body = '') => `
hardware Big { ${hardware} }
host H on Big { hypervisor ${hypervisor} ${body} }
`;
const processor = (words: string) => `processor { ${words} }`;
const working = `child w "Debian" { memory 1 GB runs W }  child idle "Debian" { memory 1 GB }`;
const scenario = (
  body: string,
  hypervisor?: string,
  device = '',
) => `${host(`${working} child d "Debian" { ${device} }`, hypervisor)}
workload W { requests 10 / s cpu 1 ms }
scenario S on H { ${body} }
`;
const moving = (step: string, { hypervisor = 'hyper-v 2025', elsewhere = 'Lan', speed = '10 Gb/s' } = {}) => `
hardware Node {
    processor "Intel Xeon" { cores 4 }
    memory 64 GB ecc
    disk san 1 TB ssd shared
    nic lan1 1 Gb/s
    nic lan2 ${speed}
}
host A on Node {
    hypervisor ${hypervisor}
    switch Lan external on lan1
    migration on lan2
    child w "Windows Server 2008" { memory 1 GB disk "w.vhd" 40 GB on san via ide nic on Lan }
}
host B on Node { hypervisor ${hypervisor} switch ${elsewhere} external on lan1 migration on lan2 }
scenario S on A { at 1 s start all  ${step} }
`;
const network = (first: string, second: string, runs: string, work = 'send 1 KB receive 1 KB') => `${host(
  `switch Island private child a "Debian" { memory 1 GB ${first} }  child b "Debian" { memory 1 GB ${second} runs ${runs} }`,
)}
workload W { requests 10 / s ${work} }
`;
const adapters = (first: string, second: string) =>
  `child a "Debian" { memory 1 GB nic on Lan ${first} }  child b "Debian" { memory 1 GB nic on Lan ${second} }`;
const functions = (count: number | null, first: string, second: string) =>
  onHardware(
    `processor { sockets 1 cores 8 } memory 64 GB ecc nic lan1 10 Gb/s ${count === null ? '' : `functions ${count}`}`,
    'hyper-v 2025',
    `switch Lan external on lan1  ${adapters(first, second)}`,
  );
const repeat = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');
const MEMORY = 'memory 64 GB ecc';
const SMALL_DISK = `processor { cores 4 } ${MEMORY} disk d0 1 GB ssd`;
const growing = 'disk "c.vhdx" 800 MB on d0';

export const RULE_CASES: Record<RuleCode, RuleCase> = {
  HV001: { fires: host('banana'), quiet: host('') },
  HV002: { fires: host('§'), quiet: host('// §') },
  HV003: { fires: child('', '"Debian'), quiet: child('', '"Debian"') },
  HV004: {
    fires: child('disk " " 4 GB on d0 via ide'),
    quiet: child('memory 1 GB boots kernel "vmlinuz" command line ""'),
  },
  HV101: { fires: child('nic on Wan'), quiet: child('nic on Lan') },
  HV102: { fires: host('switch Lan internal'), quiet: host('switch Wan internal') },
  HV103: { fires: child('memory 1 GB memory 2 GB'), quiet: child('memory 1 GB') },
  HV104: { fires: host('child all "Debian" { }'), quiet: host('child every "Debian" { }') },
  HV110: { fires: 'import "nowhere.hvhost"', quiet: HARDWARE },
  HV111: { fires: 'import "test.hvhost"', quiet: HARDWARE },
  HV112: { fires: 'import "notes.txt"', quiet: HARDWARE },
  HV113: {
    fires: 'import "box.hvhost"\nimport "crate.hvhost"',
    quiet:
      'import "box.hvhost"\nimport "./box.hvhost"\nimport "crate.hvhost"\nhardware Box { processor { cores 1 } memory 1 GB ecc }',
  },
  HV201: { fires: child('memory 512'), quiet: child('memory 512 MB') },
  HV202: { fires: child('memory 512 MiB'), quiet: child('memory 512MB') },
  HV203: { fires: child('memory 512 ms'), quiet: child('processors 2 weight 200') },
  HV204: { fires: child('processors 2 reserve 101 %'), quiet: child('processors 2 reserve 100 %') },
  HV205: { fires: child('processors 1.5'), quiet: child('processors 2.0') },
  HV206: { fires: child('memory 1.2.3 GB'), quiet: child('memory 1.2 GB') },
  HV207: { fires: child('processors 1 reserve 60 % limit 50 %'), quiet: child('processors 1 reserve 50 % limit 50 %') },
  HV208: { fires: child('memory 2 GB to 4 GB startup 1 GB'), quiet: child('memory 2 GB to 4 GB startup 3 GB') },
  HV209: { fires: 'hardware Empty { }', quiet: HARDWARE },
  HV210: {
    fires: child('processors 2 reserve 500 MHz'),
    quiet: child('processors 2 reserve 500 MHz shares high', undefined, 'esxi 5'),
  },
  HV211: {
    fires: child('processors 1 reserve 90 GHz', undefined, 'esxi 5'),
    quiet: child('processors 1 reserve 1 GHz limit 2 GHz', undefined, 'esxi 5'),
  },
  HV212: {
    fires: host('group Gold limit 50 % child c "Debian" { processors 1 group Gold }', 'hyper-v 2012R2'),
    quiet: host('group Gold limit 50 % child c "Debian" { processors 1 group Gold }'),
  },
  HV213: { fires: child('processors 2 limit 0 %'), quiet: child('processors 2 reserve 0 % limit 1 %') },
  HV301: {
    fires: child('disk "a.vhd" 4 GB on d0', '"Windows NT 4.0" legacy'),
    quiet: child('disk "a.vhd" 4 GB on d0 via ide', '"Windows NT 4.0" legacy'),
  },
  HV302: {
    fires: child('nic on Lan synthetic', '"Windows NT 4.0" legacy'),
    quiet: child('nic on Lan', '"Windows NT 4.0" legacy'),
  },
  HV303: {
    fires: child('generation 2 disk "a.vhdx" 4 GB on d0 via ide'),
    quiet: child('generation 2 disk "a.vhdx" 4 GB on d0'),
  },
  HV304: {
    fires: child('disk "a.vhdx" 4 GB on d0'),
    quiet: child('disk "a.vhdx" 4 GB on d0 via ide  disk "b.vhdx" 4 GB on d0'),
  },
  HV305: {
    fires: child('processors 2', '"SUSE Linux Enterprise Server 10" xen'),
    quiet: child('processors 1', '"SUSE Linux Enterprise Server 10" xen'),
  },
  HV306: {
    fires: child('memory 1 GB to 2 GB', '"Windows NT 4.0" legacy'),
    quiet: child('memory 1 GB', '"Windows NT 4.0" legacy'),
  },
  HV307: { fires: child('generation 2', '"Windows 7"'), quiet: child('generation 2', '"Windows 10"') },
  HV308: { fires: child('nic on Lan legacy'), quiet: child('nic on Lan') },
  HV309: { fires: child('', '"Windows NT 4.0"'), quiet: child('', '"Windows NT 4.0" legacy') },
  HV310: {
    fires: child('integration services off "Clock"'),
    quiet: child('integration services off "Heartbeat", "VSS"'),
  },
  HV311: { fires: host('switch Two external on lan1'), quiet: host('switch Two external on lan2') },
  HV312: {
    fires: host(
      'child a "Debian" { disk "x.vhdx" 1 GB on d0 via ide } child b "Debian" { disk "X.vhdx" 1 GB on d0 via ide }',
    ),
    quiet: host(
      'child a "Debian" { disk "x.vhdx" 1 GB on d0 via ide } child b "Debian" { disk "y.vhdx" 1 GB on d0 via ide }',
    ),
  },
  HV313: { fires: host('parent "Debian"', 'esxi 5'), quiet: host('', 'esxi 5') },
  HV314: {
    fires: host(adapters('bandwidth reserve 10 Mb/s', 'bandwidth weight 5')),
    quiet: host(adapters('bandwidth limit 1 Gb/s weight 3', 'bandwidth weight 5')),
  },
  HV315: {
    fires: child('nic on Lan legacy bandwidth limit 1 Mb/s'),
    quiet: child('nic on Lan bandwidth limit 1 Mb/s'),
  },
  HV316: {
    fires: host(adapters('bandwidth reserve 600 Mb/s', 'bandwidth reserve 9.5 Gb/s')),
    quiet: host(adapters('bandwidth reserve 500 Mb/s', 'bandwidth reserve 500 Mb/s')),
  },
  HV317: { fires: functions(null, 'sriov', ''), quiet: functions(8, 'sriov', '') },
  HV318: { fires: functions(1, 'sriov', 'sriov'), quiet: functions(2, 'sriov', 'sriov') },
  HV320: {
    fires: child('disk "a.vhdx" 4 GB differencing from "A.vhdx" on d0 via ide'),
    quiet: child('disk "a.vhdx" 4 GB differencing from "b.vhdx" on d0 via ide disk "b.vhdx" 4 GB on d0'),
  },
  HV321: {
    fires: child('disk "a.vhdx" 4 GB differencing from "b.vhdx" on d0 via ide disk "B.vhdx" 4 GB on d0'),
    quiet: child(
      'disk "a.vhdx" 4 GB differencing from "c.vhdx" on d0 via ide disk "b.vhdx" 4 GB differencing from "c.vhdx" on d0',
    ),
  },
  HV401: { fires: child('memory 63 GB'), quiet: child('memory 32 GB') },
  HV402: {
    fires: child('generation 2 processors 14 reserve 100 %'),
    quiet: child('generation 2 processors 14 reserve 50 %'),
  },
  HV403: { fires: child('generation 2 processors 17'), quiet: child('generation 2 processors 16') },
  HV319: {
    fires: child('nic on Lan vlan trunk 20 to 10'),
    quiet: child('nic on Lan vlan trunk 10 to 20, 30 native 5'),
  },
  HV527: {
    fires: child('nic on Lan vlan trunk 10 to 20', undefined, 'hyper-v 2008R2'),
    quiet: child('nic on Lan vlan trunk 10 to 20', undefined, 'hyper-v 2012'),
  },
  HV407: {
    fires: onHardware(SMALL_DISK, 'hyper-v 2022', 'child c "Debian" { memory 2 GB stop save }'),
    quiet: onHardware(SMALL_DISK, 'hyper-v 2022', 'child c "Debian" { memory 2 GB stop shut down }'),
  },
  HV526: {
    fires: onHardware(SMALL_DISK, 'hyper-v 2022', `child c "Debian" { memory 512 MB ${growing} stop save }`),
    quiet: onHardware(SMALL_DISK, 'hyper-v 2022', `child c "Debian" { memory 512 MB ${growing} }`),
  },
  HV405: {
    fires: onHardware(
      'processor { sockets 2 cores 8 } memory 64 GB ecc nodes 2',
      'hyper-v 2025 { numa spanning off }',
      'child c "Debian" { memory 40 GB }',
    ),
    quiet: onHardware(
      'processor { sockets 2 cores 8 } memory 64 GB ecc nodes 2',
      'hyper-v 2025 { numa spanning on }',
      'child c "Debian" { memory 40 GB }',
    ),
  },
  HV404: {
    fires: host('parent "Windows Server 2025" { reserve memory 65 GB }'),
    quiet: host('parent "Windows Server 2025" { reserve memory 64 GB }'),
  },
  HV408: {
    fires: `${child('runs W')} workload W { clients 5 read 8 KB }`,
    quiet: `${child('disk "c.vhdx" 4 GB on d0 via ide  runs W')} workload W { clients 5 read 8 KB }`,
  },
  HV501: { fires: host('', 'hyper-v 2009'), quiet: host('', 'hyper-v 2008 R2') },
  HV502: {
    fires: onHardware(`${processor('sockets 4 cores 32')} ${MEMORY}`, 'hyper-v 2008R2'),
    quiet: onHardware(`${processor('sockets 2 cores 32')} ${MEMORY}`, 'hyper-v 2008R2'),
  },
  HV503: {
    fires: onHardware(`${processor('sockets 2')} memory 2 TB ecc`, 'hyper-v 2008R2'),
    quiet: onHardware(`${processor('sockets 2')} memory 1 TB ecc`, 'hyper-v 2008R2'),
  },
  HV504: {
    fires: child('processors 5', '"Windows Server 2008 R2"', 'hyper-v 2008R2'),
    quiet: child('processors 4', '"Windows Server 2008 R2"', 'hyper-v 2008R2'),
  },
  HV505: { fires: child('processors 5', '"Windows 7"'), quiet: child('processors 4', '"Windows 7"') },
  HV506: {
    fires: onHardware(
      `${processor('sockets 2')} memory 256 GB ecc`,
      'hyper-v 2008R2',
      'child c "Debian" { memory 65 GB }',
    ),
    quiet: onHardware(
      `${processor('sockets 2')} memory 256 GB ecc`,
      'hyper-v 2008R2',
      'child c "Debian" { memory 64 GB }',
    ),
  },
  HV507: { fires: child('disk "a.vhd" 2041 GB on d0 via ide'), quiet: child('disk "a.vhd" 2040 GB on d0 via ide') },
  HV508: {
    fires: child(repeat(5, (i) => `disk "${i}.vhd" 1 GB on d0 via ide`)),
    quiet: child(repeat(4, (i) => `disk "${i}.vhd" 1 GB on d0 via ide`)),
  },
  HV509: {
    fires: host(
      repeat(385, (i) => `child c${i} "Windows NT 4.0" legacy { memory 32 MB }`),
      'hyper-v 2008R2',
    ),
    quiet: host(
      repeat(384, (i) => `child c${i} "Windows NT 4.0" legacy { memory 32 MB }`),
      'hyper-v 2008R2',
    ),
  },
  HV510: {
    fires: host(
      repeat(129, (i) => `child c${i} "Windows NT 4.0" legacy { memory 32 MB }`),
      'hyper-v 2008R2',
    ),
    quiet: host(
      repeat(128, (i) => `child c${i} "Windows NT 4.0" legacy { memory 32 MB }`),
      'hyper-v 2008R2',
    ),
  },
  HV511: {
    fires: onHardware(`${processor('sockets 2 slat off')} ${MEMORY}`, 'hyper-v 2016'),
    quiet: onHardware(`${processor('sockets 2 slat off')} ${MEMORY}`, 'hyper-v 2008R2'),
  },
  HV512: { fires: child('', '"TempleOS"'), quiet: child('', '"Debian 12"') },
  HV513: { fires: child('memory 256 MB', '"Windows 10"'), quiet: child('memory 512 MB', '"Windows 10"') },
  HV514: { fires: child('memory 512 MB', '"Windows 10"'), quiet: child('memory 1 GB', '"Windows 10"') },
  HV515: {
    fires: child('memory 1 GB to 2 GB', '"Windows 7"', 'hyper-v 2008R2'),
    quiet: child('memory 1 GB to 2 GB', '"Windows 7"', 'hyper-v 2008R2SP1'),
  },
  HV516: {
    fires: child('disk "a.vhdx" 1 GB on d0 via ide', '"Windows 7"', 'hyper-v 2008R2'),
    quiet: child('disk "a.vhd" 1 GB on d0 via ide', '"Windows 7"', 'hyper-v 2008R2'),
  },
  HV517: {
    fires: child('generation 2', '"Windows 8"', 'hyper-v 2012'),
    quiet: child('generation 2', '"Windows 8"', 'hyper-v 2012R2'),
  },
  HV518: {
    fires: host('parent "Windows Server 2025" { processors 17 }'),
    quiet: host('parent "Windows Server 2025" { processors 16 }'),
  },
  HV519: {
    fires: child('disk "a.vhdx" 3 TB fixed on d0 via ide'),
    quiet: child('disk "a.vhdx" 2 TB fixed on d0 via ide'),
  },
  HV520: { fires: child('disk "a.vhdx" 3 TB on d0 via ide'), quiet: child('disk "a.vhdx" 2 TB on d0 via ide') },
  HV521: {
    fires: 'hardware Cheap { processor { sockets 1 } memory 8 GB }',
    quiet: 'hardware Cheap { processor { sockets 1 } memory 8 GB ecc }',
  },
  HV406: {
    fires: host('parent "Windows Server 2025" full { reserve memory 300 MB }'),
    quiet: host('parent "Windows Server 2025" core { reserve memory 300 MB }'),
  },
  HV601: {
    fires: `${host(working)} workload W { requests 10 / s cpu 1 ms } workload X { requests 10 / s cpu 1 ms }`,
    quiet: `${host(working)} workload W { requests 10 / s cpu 1 ms }`,
  },
  HV602: { fires: scenario('at 1 s idle requests 5 / s'), quiet: scenario('at 1 s w requests 5 / s') },
  HV603: {
    fires: scenario('expect all children running between 60 s and 30 s'),
    quiet: scenario('expect all children running between 30 s and 60 s'),
  },
  HV604: { fires: 'workload W { cpu 1 ms }', quiet: 'workload W { clients 2 cpu 1 ms }' },
  HV605: {
    fires: 'workload W { requests 1 / s think 1 s cpu 1 ms }',
    quiet: 'workload W { clients 1 think 1 s cpu 1 ms }',
  },
  HV606: { fires: scenario('expect idle latency < 5 ms'), quiet: scenario('expect w latency < 5 ms') },
  HV607: { fires: scenario('at 5 s start w  at 1 s start idle'), quiet: scenario('at 1 s start w  at 5 s start idle') },
  HV608: { fires: scenario('at 1 s stop parent'), quiet: scenario('at 1 s fail parent') },
  HV609: {
    fires: 'benchmark B { compare hyper-v 2025 measure latency }',
    quiet: 'benchmark B { compare hyper-v 2025, kvm measure latency }',
  },
  HV610: { fires: 'workload W { requests 1 / s }', quiet: 'workload W { requests 1 / s send 1 KB }' },
  HV611: {
    fires: scenario('at 1 s checkpoint w as A  at 2 s delete checkpoint A of w  at 3 s revert w to A'),
    quiet: scenario('at 1 s checkpoint w as A  at 2 s revert w to A  at 3 s delete checkpoint A of w'),
  },
  HV615: {
    fires: scenario('at 1 s checkpoint w as A  at 2 s checkpoint w as A'),
    quiet: scenario(
      'at 1 s checkpoint w as A  at 2 s checkpoint idle as A  at 3 s delete checkpoint A of w  at 4 s checkpoint w as A',
    ),
  },
  HV616: {
    fires: 'benchmark B { compare hyper-v 2025, xen 4, hyper-v measure latency }',
    quiet: 'benchmark B { compare hyper-v 2025, xen 4, hyper-v { scheduler ideal } measure latency }',
  },
  HV612: { fires: network('nic on Lan', 'nic on Island', 'W'), quiet: network('nic on Lan', 'nic on Lan', 'W') },
  HV613: {
    fires: network('nic on Lan vlan 2', 'nic on Lan', 'W sending to a'),
    quiet: network('nic on Lan vlan 2', 'nic on Island  nic on Lan vlan 2', 'W sending to a'),
  },
  HV614: {
    fires: network('nic on Lan', 'nic on Lan', 'W sending to a', 'write 1 KB'),
    quiet: network('nic on Lan', 'nic on Lan', 'W sending to a', 'send 1 KB'),
  },
  HV631: {
    fires: moving('at 60 s migrate w to A'),
    quiet: moving('at 60 s migrate w to B  at 90 s migrate w to A'),
  },
  HV632: {
    fires: moving('at 60 s migrate w to B', { elsewhere: 'Other' }),
    quiet: moving('at 60 s migrate w to B'),
  },
  HV633: {
    fires: moving('at 60 s migrate w to B', { hypervisor: 'hyper-v 2008' }),
    quiet: moving('at 60 s migrate w to B quick', { hypervisor: 'hyper-v 2008' }),
  },
  HV634: {
    fires: moving('', { speed: '100 Mb/s' }).replace('migration on lan2', ''),
    quiet: moving(''),
  },
  HV621: {
    fires: scenario('at 1 s plug in lan1'),
    quiet: scenario('at 1 s unplug lan1  at 2 s plug in lan1'),
  },
  HV623: {
    fires: scenario('at 1 s unplug nic 2 of d', undefined, 'generation 2 nic on Lan'),
    quiet: scenario('at 1 s unplug nic 1 of d', undefined, 'generation 2 nic on Lan'),
  },
  HV624: {
    fires: scenario('at 1 s unplug nic of d', 'hyper-v 2012R2', 'generation 2 nic on Lan'),
    quiet: scenario('at 1 s unplug nic of d', 'hyper-v 2016', 'generation 2 nic on Lan'),
  },
  HV622: {
    fires: scenario('at 1 s slow d0 by 10'),
    quiet: scenario('at 1 s slow d0 by 10', undefined, 'disk "a.vhd" 1 GB on d0'),
  },
  HV522: {
    fires: host('', 'hyper-v 2025 { cost "vm-exits" 900 ns }'),
    quiet: host('', 'hyper-v 2025 { cost "vm-exit" 900 ns }'),
  },
  HV524: {
    fires: child('nic on Lan bandwidth limit 1 Mb/s', undefined, 'hyper-v 2008R2'),
    quiet: child('nic on Lan bandwidth limit 1 Mb/s', undefined, 'hyper-v 2012'),
  },
  HV525: {
    fires: child('nic on Lan sriov', undefined, 'hyper-v 2008R2'),
    quiet: child('nic on Lan', undefined, 'hyper-v 2008R2'),
  },
  HV523: {
    fires: host('', 'hyper-v 2012R2 { scheduler core }'),
    quiet: host('', 'hyper-v 2016 { scheduler core }'),
  },
  HV528: {
    fires: host('', 'hyper-v 2025 { scheduler ideal limits as rate }'),
    quiet: host('', 'hyper-v 2025 { scheduler ideal }'),
  },
};
