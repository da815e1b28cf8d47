import type { Architecture } from '../../model/host-model.js';
import type { ArchitectureDescription } from './architecture.js';
import { ESXI } from './esxi.js';
import { HOSTED } from './hosted.js';
import { HYPER_V } from './hyper-v.js';
import { KVM } from './kvm.js';
import { XEN } from './xen.js';

/** Every architecture the engine runs. */
export const ARCHITECTURES: Record<Architecture, ArchitectureDescription> = {
  'hyper-v': HYPER_V,
  esxi: ESXI,
  xen: XEN,
  kvm: KVM,
  hosted: HOSTED,
};
