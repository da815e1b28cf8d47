import { decodeJson } from './decode.js';
import { hardwareLines } from './hardware.js';
import { JsonObject } from './json-object.js';
import { machineLines } from './machine.js';
import { Names } from './names.js';
import { ownerOf, parentLines, Switches, versionOf } from './partitions.js';
import { PhysicalDisks } from './physical-disks.js';
import { comment } from './words.js';

/**
 * The definition of the host that a document of the script in docs/import.md describes; not laid out, the formatter does
 * that. What the document does not tell, and what the language cannot say, stands in comments at its place.
 * `name` is the host's; without one it is the computer's. Throws ImportError.
 */
export function importHost(bytes: Uint8Array, name?: string): string {
  const document = JsonObject.document(decodeJson(bytes));
  const owner = ownerOf(document, name);
  const version = versionOf(document);
  const disks = new PhysicalDisks(document);
  const switches = new Switches(document);
  const names = new Names(['all', 'parent']);
  const files = new Set<string>();
  const machines = document
    .objects('VMs')
    .map((each) => machineLines(each, { release: version.release, disks, switches, names, files }));
  if (machines.length === 0) machines.push([comment('VMs is empty or missing: no machine was read.')]);
  return [
    comment(`Read from ${owner.computer}. What it did not tell, and what cannot be said here, stands in comments.`),
    '',
    ...hardwareLines(document, owner.hardware, disks, switches),
    '',
    `host ${owner.host} on ${owner.hardware} {`,
    ...version.lines,
    ...switches.lines(),
    '',
    ...parentLines(document, version.release),
    ...machines.flatMap((lines) => ['', ...lines]),
    '}',
    '',
  ].join('\n');
}
