import { readFileSync } from 'node:fs';
import { NodeFileSystem } from 'langium/node';
import { openProject } from '../language/project.js';
import type { HostModel } from '../model/host-model.js';
import { toProblem } from './diagnostics/problem.js';
import { textReport } from './diagnostics/text.js';
import { EXIT, UsageError } from './exit.js';
import { definitionFiles, displayPath, uriOf } from './files.js';

/**
 * The host of that name, or the only one, of a file without errors. A file with errors is reported on stderr, sets the
 * exit code and gives null. Throws UsageError when there is no such file or host, or when the choice is open.
 */
export async function loadHost(path: string, name: string | undefined): Promise<HostModel | null> {
  const [file] = definitionFiles([path]);
  const checked = await openProject(NodeFileSystem).check(uriOf(file ?? path));
  const errors = checked
    .flatMap(({ uri, diagnostics }) => diagnostics.map((diagnostic) => toProblem(displayPath(uri), diagnostic)))
    .filter((problem) => problem.severity === 'error');
  if (errors.length > 0) {
    console.error(
      textReport(errors, checked.length, (source) => readFileSync(source, 'utf8'), process.stderr.isTTY === true),
    );
    process.exitCode = EXIT.failed;
    return null;
  }
  const main = checked.find((entry) => entry.uri === uriOf(file ?? path).toString());
  return choose(main?.hosts ?? [], path, name);
}

function choose(hosts: HostModel[], path: string, name: string | undefined): HostModel {
  const names = hosts.map((host) => host.name).join(', ');
  if (name !== undefined) {
    const host = hosts.find((candidate) => candidate.name === name);
    if (host === undefined)
      throw new UsageError(`${path}: there is no host '${name}' (it declares ${names || 'none'})`);
    return host;
  }
  const [only, ...others] = hosts;
  if (only === undefined) throw new UsageError(`${path}: it declares no host`);
  if (others.length > 0) throw new UsageError(`${path}: it declares ${names}; choose one with --host`);
  return only;
}
