import { findRelease } from '../../model/catalog/releases.js';
import type { HostPhase } from '../../protocol/protocol.js';
import { invariant } from '../defect.js';
import type { HostParts } from '../host-parts.js';
import { SCHEDULER_EVENT, schedulerOf } from '../hypervisor/scheduler-choice.js';
import type { TimerOwner } from '../timers.js';

interface Step {
  phase: HostPhase;
  title: string;
  detail?: string;
  durationNs: number;
  act?: () => void;
}

/**
 * From power on to a parent that can start children. The role is installed on the way, with its two reboots: an
 * operating system that ran on the metal finds itself in the root partition.
 */
export class Boot implements TimerOwner {
  phase: HostPhase = 'firmware';
  readyNs: number | null = null;
  private readonly steps: Step[];
  private step: Step | null = null;
  private readonly slot: number;

  constructor(
    private readonly parts: HostParts,
    private readonly onReady: () => void,
  ) {
    this.slot = parts.timers.add(this);
    this.steps = [];
  }

  powerOn(): void {
    this.steps.push(...this.plan());
    this.next();
  }

  fire(): void {
    const { step } = this;
    invariant(step !== null, 'the boot finished no step');
    step.act?.();
    this.parts.log.record('boot', null, step.title, { detail: step.detail, durationNs: step.durationNs });
    this.next();
  }

  private next(): void {
    this.step = this.steps.shift() ?? null;
    if (this.step) {
      this.phase = this.step.phase;
      this.parts.timers.arm(this.slot, this.parts.timers.nowNs + this.step.durationNs);
      return;
    }
    this.phase = 'ready';
    this.readyNs = this.parts.timers.nowNs;
    this.parts.log.record('boot', null, 'ready', { detail: 'the parent can start children' });
    this.onReady();
  }

  private plan(): Step[] {
    const { model, root, costs, lps } = this.parts;
    const system = model.parent?.operatingSystem ?? '';
    const release = model.hypervisor.release;
    const late = release !== null && findRelease(release)?.launch === 'late';
    const firmware = (): Step => ({
      phase: 'firmware',
      title: 'firmware',
      durationNs: costs.get('boot-firmware').charge(),
    });
    const metal = (detail: string): Step => ({
      phase: 'metal',
      title: `${system} starts on the metal`,
      detail,
      durationNs: costs.get('boot-metal').charge(),
    });
    const role = (title: string): Step => ({
      phase: 'role-install',
      title,
      durationNs: costs.get('boot-role').charge(),
    });
    const reboot = (which: string): Step => ({ phase: 'reboot', title: which, durationNs: 0 });
    const launch: Step = {
      phase: 'hypervisor',
      title: late ? 'hvboot launches the hypervisor at ring -1' : 'the boot loader launches the hypervisor at ring -1',
      detail: late
        ? 'late launch: the operating system is running already'
        : 'early launch: before any operating system',
      durationNs: costs.get('boot-launch').charge(),
      act: () => {
        root.launch();
        // Event 2 of the hypervisor's log records the type of its scheduler.
        const scheduler = schedulerOf(model);
        this.parts.log.record('boot', null, `scheduler type ${SCHEDULER_EVENT[scheduler]}, ${scheduler}`);
      },
    };
    const rootSystem: Step = {
      phase: 'root',
      title: late ? `${system} is lifted into the root partition` : `${system} starts in the root partition`,
      detail: `${root.vpCount} VPs on ${lps.lpCount} LPs, memory identity-mapped`,
      durationNs: late ? 0 : costs.get('boot-root').charge(),
    };
    const service = (title: string): Step => ({
      phase: 'services',
      title,
      durationNs: costs.get('boot-service').charge(),
    });
    const onHypervisor = late ? [metal('its drivers own the devices'), launch, rootSystem] : [launch, rootSystem];
    return [
      firmware(),
      metal('no hypervisor yet'),
      role('Hyper-V role staged'),
      reboot('first reboot: the role is configured'),
      firmware(),
      metal('the role finishes its configuration'),
      reboot('second reboot: into the hypervisor'),
      firmware(),
      ...onHypervisor,
      service('VMMS: virtual machine management'),
      service('VID: virtualization infrastructure driver'),
      service(`virtual switches: ${model.switches.map(({ name }) => name).join(', ') || 'none'}`),
    ];
  }
}
