import type { Child, HostModel } from './host-model.js';
import { outsideAdapter } from './network-path.js';

/**
 * Whether the clients of a child ask again in the very moment in which they asked, because they do not think and nothing that
 * a request does takes time on this child. Time would stand still.
 */
export function asksEndlessly({ switches }: Pick<HostModel, 'switches'>, { workload, disks, nics }: Child): boolean {
  if (workload?.arrival.kind !== 'closed' || workload.arrival.thinkNs > 0 || workload.cpuNs > 0) return false;
  const { readBytes, writeBytes, sendBytes, receiveBytes = 0 } = workload;
  if (readBytes + writeBytes > 0 && disks.length > 0) return false;
  if (sendBytes > 0 && nics.length > 0) return false;
  return receiveBytes === 0 || outsideAdapter(nics, switches) < 0;
}
