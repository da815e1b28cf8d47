import type { ModelledFrame } from '../../hardware/modelled-frame.js';
import { Queue } from '../../queue.js';
import type { Cost } from '../../trace/cost-ledger.js';
import type { BackEnd, BackEndWork } from '../back-end.js';
import type { LearningSwitch } from '../switch/learning-switch.js';
import type { MacAddress } from '../switch/mac-address.js';
import type { SwitchPort } from '../switch/switch-port.js';

const Work = { Receive: 0, Send: 1 } as const;
/** Its work has no device that takes turns with others. */
const VP = 0;

/** The parent's own adapter on an internal switch: its network stack takes CPU time of the parent for every message. */
export class ParentAdapter implements BackEndWork {
  readonly title = "the parent's network stack";
  private readonly port: SwitchPort<ModelledFrame>;
  private readonly outgoing = new Queue<ModelledFrame>();
  private receiving = false;

  constructor(
    network: LearningSwitch<ModelledFrame>,
    readonly mac: MacAddress,
    private readonly root: BackEnd,
    private readonly cost: Cost,
  ) {
    this.port = network.plug({
      role: 'parent',
      mac,
      vlan: { kind: 'access', vlan: null },
      wake: () => this.receive(),
    });
  }

  /** Sends when a VP of the parent has got to it. */
  send(frame: ModelledFrame): void {
    this.outgoing.push(frame);
    this.root.post(VP, this, Work.Send);
  }

  begin(): number {
    return this.cost.charge();
  }

  end(what: number): void {
    if (what === Work.Send) {
      const frame = this.outgoing.shift();
      if (frame) this.port.send(frame);
      return;
    }
    this.receiving = false;
    const delivery = this.port.take();
    delivery?.frame.sender.sent(delivery.frame.tag);
    if (this.port.waitingFrames > 0) this.receive();
  }

  /** The parent is gone: what it had to do will not happen. */
  reset(): void {
    this.receiving = false;
    this.outgoing.takeAll();
    while (this.port.take() !== null);
  }

  private receive(): void {
    if (this.receiving) return;
    this.receiving = true;
    this.root.post(VP, this, Work.Receive);
  }
}
