import type { CstNode } from 'langium';
import { logicalProcessors, machineOverheadBytes } from '../../model/admission.js';
import { flavourOf } from '../../model/catalog/parent-flavours.js';
import { formatBytes } from '../../model/format.js';
import type { HostModel } from '../../model/host-model.js';
import type { HostDeclaration } from '../generated/ast.js';
import type { HostAnalysis } from '../host-analysis.js';
import { type Fix, type Report, replaceWith } from './report.js';

const MB = 1024 ** 2;

/** Every refusal of the one admission, at the part that does not fit. */
export function checkAdmission(host: HostDeclaration, { model, admission }: HostAnalysis, report: Report): void {
  for (const { code, message } of admission.refusals) {
    const reserve = host.parent?.reserve;
    if (reserve) report(code, message, { node: reserve });
    else if (host.parent) report(code, message, { node: host.parent, property: 'operatingSystem' });
    else report(code, message, { node: host, property: 'hardware' });
  }

  checkParentMemory(host, model, report);

  admission.children.forEach((admitted, index) => {
    const child = host.children[index];
    const lowered = model.children[index];
    if (child === undefined || lowered === undefined) return;
    for (const { code, message } of admitted.refusals) {
      switch (code) {
        case 'HV401': {
          const fixes = memoryThatFits(admitted.memoryLeftBytes, child.memory?.size, lowered.memory.kind === 'static');
          if (child.memory) report(code, message, { node: child.memory, fixes });
          else report(code, message, { node: child, property: 'name' });
          break;
        }
        case 'HV402': {
          const left = Math.max(0, Math.floor((admitted.lpsLeft * 100) / lowered.processors.count));
          const cst = child.processors?.reserve?.$cstNode;
          const fixes = replaceWith(`Reserve ${left} %, which fits`, cst, `${left} %`);
          if (child.processors) report(code, message, { node: child.processors, property: 'reserve', fixes });
          break;
        }
        case 'HV403': {
          const lps = logicalProcessors(model.hardware);
          const fixes = replaceWith(`Use ${lps} virtual processors`, child.processors?.count.$cstNode, `${lps}`);
          if (child.processors) report(code, message, { node: child.processors, property: 'count', fixes });
          break;
        }
        case 'HV407':
          if (child.stop) report(code, message, { node: child.stop });
          else report(code, message, { node: child, property: 'name' });
          break;
        case 'HV408':
          report(code, message, { node: child, property: 'workload' });
          break;
        case 'HV404':
        case 'HV405':
          report(code, message, { node: child, property: 'name' });
      }
    }
  });
}

/** The parent's own system fits into what is reserved for it. */
function checkParentMemory({ parent }: HostDeclaration, model: HostModel, report: Report): void {
  const flavour = flavourOf(model);
  const reservedBytes = model.parent?.reserve.memoryBytes ?? 0;
  if (!parent?.reserve || flavour === null || reservedBytes >= flavour.memoryBytes.value) return;
  const { value, source } = flavour.memoryBytes;
  const message = `A parent as ${flavour.title} takes about ${formatBytes(value)} for itself and reserves ${formatBytes(reservedBytes)} (${source.standing}: ${source.text}).`;
  report('HV406', message, { node: parent.reserve });
}

/** A rounded size that leaves room for the overhead; none when nothing useful is left. */
function memoryThatFits(leftBytes: number, size: { $cstNode?: CstNode } | undefined, isStatic: boolean): Fix[] {
  const fits = Math.floor((leftBytes - machineOverheadBytes(leftBytes)) / MB);
  if (!isStatic || fits < 32) return [];
  return replaceWith(`Use ${fits} MB, which fits`, size?.$cstNode, `${fits} MB`);
}
