import assert from 'node:assert/strict';
import { partitionsOf } from '../../src/webview/partitions.js';
import { recordingFixture } from '../ui/fixtures/recording.js';

describe('the partitions of a page', () => {
  it('look different from each other, thirty children too', () => {
    const looks = partitionsOf(recordingFixture(30).picture).map(({ color, dash }) => `${color} ${dash}`);
    assert.equal(new Set(looks).size, 31);
  });
});
