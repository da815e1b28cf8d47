import assert from 'node:assert/strict';
import fc from 'fast-check';
import { reportHtml } from '../../src/protocol/report.js';
import { recordingFixture } from '../ui/fixtures/recording.js';

const assets = { script: 'show();', style: 'body { margin: 0 }' };

describe('the report page', () => {
  it('carries the recording as it is, whatever the definition is called', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('</script>', '<!--<script>', '"\u2028\\u003c', "'</title><b>"),
    );
    fc.assert(
      fc.property(hostile, (name) => {
        const recording = recordingFixture();
        recording.picture.model.name = name;
        assert.deepEqual(recordingOf(reportHtml(recording, assets)), JSON.parse(JSON.stringify(recording)));
      }),
      { numRuns: 30 },
    );
  });

  it('has no element but its own', () => {
    const recording = recordingFixture();
    recording.picture.model.name = '</script><script>alert(1)</script>';
    const page = reportHtml(recording, assets);
    assert.equal(page.match(/<script/g)?.length, 2);
    assert.equal(page.match(/<\/script/g)?.length, 2);
  });

  it('asks for nothing from anywhere', () => {
    const page = reportHtml(recordingFixture(), assets);
    assert.doesNotMatch(page, /(?:src|href)=/);
    assert.match(page, /default-src 'none'/);
  });
});

/** What a browser would find: the first script up to its end tag. */
function recordingOf(page: string): unknown {
  const start = page.indexOf('<script>') + '<script>'.length;
  const script = page.slice(start, page.indexOf('</script', start));
  return JSON.parse(script.replace(/^globalThis\.hvhostRecording = /, '').replace(/;$/, ''));
}
