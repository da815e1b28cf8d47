import { AstUtils } from 'langium';
import { type HostDeclaration, isChildDeclaration, isHostDeclaration, type NicDeclaration } from '../generated/ast.js';
import { soundValue } from '../quantity.js';
import { releaseOf } from './hypervisor.js';
import type { Report } from './report.js';

/** Whether an adapter that asks for a virtual function can have one at all. */
export function checkVirtualFunction(nic: NicDeclaration, report: Report): void {
  if (!nic.sriov) return;
  const place = { node: nic, property: 'sriov' } as const;
  const child = AstUtils.getContainerOfType(nic, isChildDeclaration);
  const host = AstUtils.getContainerOfType(nic, isHostDeclaration);
  const { hypervisor } = host ?? {};
  const release = hypervisor?.architecture === 'hyper-v' ? releaseOf(hypervisor) : undefined;
  if (release?.sriov === false) {
    report('HV525', `${release.title} has no SR-IOV; it came with Windows Server 2012.`, place);
    return;
  }
  if (nic.kind === 'legacy' || child?.kind === 'legacy' || child?.kind === 'xen') {
    report('HV315', 'Only the synthetic adapter of an enlightened child can have a virtual function.', place);
    return;
  }
  const why = whyNone(nic, host);
  if (why !== undefined) report('HV317', `There is no virtual function for it: ${why}.`, place);
}

function whyNone(nic: NicDeclaration, host: HostDeclaration | undefined): string | undefined {
  const network = nic.switch?.ref;
  if (network === undefined) return undefined;
  if (network.kind !== 'external') return `'${network.name}' leads to no physical adapter`;
  if (host?.hardware?.ref?.processor?.slat === 'off') return 'the processor has no second-level address translation';
  const physical = network.nic?.ref;
  return physical && physical.functions === undefined ? `'${physical.name}' has no \`functions\`` : undefined;
}

/** More adapters ask for functions than there are: the last to start get none. */
export function checkFunctionsSuffice(host: HostDeclaration, report: Report): void {
  for (const network of host.switches) {
    const functions = soundValue(network.nic?.ref?.functions);
    if (functions === undefined) continue;
    const asking = host.children.flatMap(({ nics }) =>
      nics.filter(({ sriov, switch: on }) => sriov && on?.$refText === network.name),
    );
    const [first] = asking.slice(functions);
    if (first === undefined) continue;
    const message = `${asking.length} adapters ask for the ${functions} virtual functions of '${network.nic?.$refText}': the last to start get none.`;
    report('HV318', message, { node: first, property: 'sriov' });
  }
}
