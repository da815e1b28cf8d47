import { readFileSync } from 'node:fs';
import type { CheckedFile } from '../language/project.js';
import type { HostModel } from '../model/host-model.js';
import { fileChecker, problemsOf } from './check-file.js';
import type { Problem } from './diagnostics/problem.js';
import { textReport } from './diagnostics/text.js';
import { EXIT, UsageError } from './exit.js';
import { definitionFile } from './files.js';

/**
 * The host of that name, or the one that plays a scenario, or the only one, of a file without errors. A file with errors is
 * reported on stderr, sets the exit code and gives null. Throws UsageError when there is no such file or host, or when the
 * choice is open.
 */
export async function loadHost(path: string, name: string | undefined, scenario?: string): Promise<HostModel | null> {
  const checked = await loadFile(definitionFile(path));
  return checked && choose(checked.hosts, path, name, scenario);
}

/** A file without errors; null as above. */
export async function loadFile(file: string): Promise<CheckedFile | null> {
  const { checked, errors } = await readFile(file);
  return errors.length === 0 ? checked : null;
}

/** A file, and the errors in it and in what it imports; they are reported on stderr and set the exit code. */
export async function readFile(file: string): Promise<{ checked: CheckedFile; errors: Problem[] }> {
  const checked = await fileChecker()(file);
  const errors = problemsOf([checked]).filter((problem) => problem.severity === 'error');
  if (errors.length > 0) {
    const source = (name: string) => readFileSync(name, 'utf8');
    console.error(textReport(errors, 1 + checked.imports.length, source, process.stderr.isTTY === true));
    process.exitCode = EXIT.failed;
  }
  return { checked, errors };
}

function choose(hosts: HostModel[], path: string, name: string | undefined, scenario: string | undefined): HostModel {
  const names = hosts.map((host) => host.name).join(', ');
  if (name !== undefined) {
    const host = hosts.find((candidate) => candidate.name === name);
    if (host === undefined)
      throw new UsageError(`${path}: there is no host '${name}' (it declares ${names || 'none'})`);
    return host;
  }
  const stages = hosts.filter((host) => host.scenarios.some((candidate) => candidate.name === scenario));
  const [only, ...others] = stages.length > 0 ? stages : hosts;
  if (scenario !== undefined && stages.length === 0 && others.length > 0)
    throw new UsageError(`${path}: none of its hosts has a scenario '${scenario}'`);
  if (only === undefined) throw new UsageError(`${path}: it declares no host`);
  if (others.length > 0) throw new UsageError(`${path}: it declares ${names}; choose one with --host`);
  return only;
}
