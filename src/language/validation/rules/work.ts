import type { Rule } from './rule.js';

/** Workloads, scenarios, benchmarks. */
export const WORK_RULES = {
  HV601: {
    severity: 'hint',
    title: 'Nobody runs the workload',
    why: 'No child of a host in this file says `runs` with its name.',
    remedy: 'Let a child run it, or remove it.',
  },
  HV602: {
    severity: 'error',
    title: 'The child has no requests to change',
    why: 'Only a child that runs a workload with `requests` can be given another rate.',
    remedy: 'Let it run such a workload.',
  },
  HV603: {
    severity: 'error',
    title: 'The window is empty',
    why: 'It ends before it begins, so the expectation would say nothing.',
    remedy: 'Let it begin before it ends.',
  },
  HV604: {
    severity: 'error',
    title: 'The workload does not say who asks',
    why: 'Work arrives either at a rate (`requests`) or from people who wait for their answer (`clients`).',
    remedy: 'Say one of the two.',
  },
  HV605: {
    severity: 'warning',
    title: 'Only clients think',
    why: 'Requests at a rate do not wait for anybody.',
    remedy: 'Remove `think`, or use `clients`.',
  },
  HV606: {
    severity: 'error',
    title: 'There is no work to measure',
    why: 'Latency and throughput are those of requests, and this partition runs no workload.',
    remedy: 'Let the child run a workload, or expect something else.',
  },
  HV607: {
    severity: 'warning',
    title: 'The steps are not in order of time',
    why: 'They are played in order of time; the file reads as if it were otherwise.',
    remedy: 'Sort the steps.',
  },
  HV608: {
    severity: 'error',
    title: 'The parent starts and stops with the host',
    why: 'A scenario begins with the parent running; all that can happen to it is that it fails.',
    remedy: 'Use `fail parent`, or name a child.',
  },
  HV609: {
    severity: 'warning',
    title: 'Nothing to compare',
    why: 'A benchmark sets at least two hypervisors side by side and measures something.',
    remedy: 'Name two hypervisors under `compare` and something under `measure`.',
  },
  HV610: {
    severity: 'hint',
    title: 'The workload does nothing',
    why: 'A request that neither computes nor reads, writes or sends takes no time.',
    remedy: 'Say what a request does: `cpu`, `read`, `write`, `send`.',
  },
  HV611: {
    severity: 'error',
    title: 'There is no such checkpoint',
    why: 'A machine goes back to, or deletes, a checkpoint that a step before has made of it, and that is still there.',
    remedy: 'Make it by `checkpoint … as …` before, or name another.',
  },
  HV612: {
    severity: 'warning',
    title: 'The work has no network',
    why: 'What a child sends without naming anybody goes to the outside, and its requests come from there: through the first adapter behind which somebody is who is no child. A private switch leads to children only, and on an internal one the parent is untagged.',
    remedy: 'Give the child an adapter on an external switch, or say to whom it sends.',
  },
  HV613: {
    severity: 'error',
    title: 'The child cannot reach whom it sends to',
    why: 'Frames go from one child to another where both have an adapter on the same switch and in the same VLAN.',
    remedy: 'Give both an adapter on one switch.',
  },
  HV614: {
    severity: 'warning',
    title: 'The workload sends nothing',
    why: 'The child says to whom its work sends, and its workload has no `send`.',
    remedy: 'Let the workload send something, or remove `sending to`.',
  },
  HV615: {
    severity: 'error',
    title: 'There is a checkpoint of that name already',
    why: 'Steps name the checkpoints of a child, so two of one name could not be told apart: the second is refused.',
    remedy: 'Call it otherwise, or delete the first one before.',
  },
  HV616: {
    severity: 'warning',
    title: 'One hypervisor is compared with itself',
    why: 'The same work with the same seed gives the same figures twice.',
    remedy: 'Remove one, or say in what they differ.',
  },
  HV631: {
    severity: 'error',
    title: 'Nothing moves between these hosts in this way',
    why: 'A child moves between hosts of one hypervisor whose releases and processors go together (Microsoft Learn, Set-VMProcessor: machines do not move between processors of different vendors); a live migration needs Windows Server 2008 R2 and a network for it on both.',
    remedy: 'Name another host, let both say `migration on` with an adapter, or migrate `quick`.',
  },
  HV632: {
    severity: 'error',
    title: 'The child cannot leave its host',
    why: 'Its disks must lie on storage that both hosts share, its switches and its CPU group must be on both under the same names, and its name must be free there.',
    remedy: 'Put its disks on `shared` disks, and give the other host what is missing.',
  },
  HV633: {
    severity: 'hint',
    title: 'The child stands still while it moves',
    why: 'Before Windows Server 2008 R2 Hyper-V has quick migration only: the child is saved, changes its host, and is restored.',
    remedy: 'Say `quick` to show that it is meant, or use a newer release.',
  },
  HV634: {
    severity: 'warning',
    title: 'The migration network is slow',
    why: 'Best Practices Analyzer for Hyper-V: a network for live migration should have at least 1 Gb/s.',
    remedy: 'Name a faster adapter.',
  },
  HV621: {
    severity: 'warning',
    title: 'The device is whole',
    why: 'No step before this one slows it, fails it or unplugs it, so the step changes nothing.',
    remedy: 'Remove the step, or say before it what happens to the device.',
  },
  HV623: {
    severity: 'error',
    title: 'The child has no such device',
    why: 'Network adapters and disks are counted in the order in which the child declares them, from 1; without a number it is the first.',
    remedy: 'Name one that it has, or give it another.',
  },
  HV624: {
    severity: 'warning',
    title: 'The device stays where it is',
    why: "Microsoft Learn, What's new in Hyper-V on Windows Server: adapters are added and removed while the guest runs from Windows Server 2016 on, in machines of generation 2. Legacy adapters never are. Disks come and go on a SCSI controller, from Windows Server 2008 R2 on (recalled); not on IDE (Best Practices Analyzer for Hyper-V: without a SCSI controller nothing is hot-plugged). The step is refused as long as the child runs.",
    remedy: 'Use a newer release, `generation 2`, a disk without `via ide`, or turn the child off before.',
  },
  HV622: {
    severity: 'warning',
    title: 'Nobody uses the device',
    why: 'No disk file of a child lies on this disk, or no switch of the host leads to this network adapter: what happens to it has no effect.',
    remedy: 'Name a device that children use.',
  },
} as const satisfies Record<string, Rule>;
