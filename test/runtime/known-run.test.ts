import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NodeFileSystem } from 'langium/node';
import { openProject } from '../../src/language/project.js';
import { KNOWN_RUN } from '../extension/support/known-run.js';
import { run } from './hosts.js';

describe('a known run', () => {
  it('has the trace it is known for on the thread of a Node process, as it has in every worker', async () => {
    const uri = pathToFileURL(resolve('examples', KNOWN_RUN.file)).toString();
    const { hosts } = await openProject(NodeFileSystem.fileSystemProvider()).check(uri);
    const model = hosts.find(({ name }) => name === KNOWN_RUN.host);
    assert.ok(model);
    const { result } = run(model, { seed: KNOWN_RUN.seed, horizonNs: KNOWN_RUN.seconds * 1e9 });
    assert.equal(result.traceHash, KNOWN_RUN.traceHash, 'the trace changed; if it should, change known-run.ts');
  });
});
