import type { BenchmarkDeclaration, HvhostFile, WorkloadDeclaration } from '../generated/ast.js';
import { isHostDeclaration, isWorkloadDeclaration } from '../generated/ast.js';
import { lowerHypervisor } from '../lowering/lower-hypervisor.js';
import { isSound } from '../soundness.js';
import type { Report } from './report.js';

export function checkWorkload(workload: WorkloadDeclaration, report: Report): void {
  const { requests, clients, think, cpu, read, write, send } = workload;
  const place = { node: workload, property: 'name' } as const;
  if (requests && clients) {
    report('HV604', 'Work arrives either at a rate or from clients, not both.', {
      node: workload,
      property: 'clients',
    });
  } else if (!requests && !clients) {
    report(
      'HV604',
      `'${workload.name}' does not say who asks: \`requests 400 / s\`, or \`clients 2  think 500 ms\`.`,
      place,
    );
  }
  if (think && !clients) report('HV605', 'Only clients think.', { node: workload, property: 'think' });
  if (!cpu && !read && !write && !send) report('HV610', `A request of '${workload.name}' does nothing.`, place);
}

/** Only in files with hosts: a file of workloads alone is there to be imported. */
export function checkWorkloadsAreRun(file: HvhostFile, report: Report): void {
  const hosts = file.declarations.filter(isHostDeclaration);
  if (hosts.length === 0) return;
  const run = new Set(hosts.flatMap((host) => host.children.map((child) => child.workload?.$refText)));
  for (const workload of file.declarations.filter(isWorkloadDeclaration)) {
    if (run.has(workload.name)) continue;
    report('HV601', `No child runs '${workload.name}'.`, { node: workload, property: 'name' });
  }
}

export function checkBenchmark(benchmark: BenchmarkDeclaration, report: Report): void {
  const place = { node: benchmark, property: 'name' } as const;
  if (benchmark.compare.length < 2) report('HV609', `'${benchmark.name}' compares fewer than two hypervisors.`, place);
  else if (benchmark.measure.length === 0) report('HV609', `'${benchmark.name}' measures nothing.`, place);
  checkDifferent(benchmark, report);
}

function checkDifferent(benchmark: BenchmarkDeclaration, report: Report): void {
  if (!benchmark.compare.every(isSound)) return;
  const seen = new Set<string>();
  benchmark.compare.forEach((spec, index) => {
    const { costsNs, ...rest } = lowerHypervisor(spec);
    const meaning = JSON.stringify([rest, Object.entries(costsNs).sort()]);
    if (seen.has(meaning))
      report('HV616', 'This hypervisor is compared already.', { node: benchmark, property: 'compare', index });
    seen.add(meaning);
  });
}
