import assert from 'node:assert/strict';

before(() => {
  if (typeof navigator === 'undefined')
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
});

describe('the language of a browser', () => {
  it('is a valid tag for who formats numbers in it, in the POSIX locale, too', async () => {
    Object.defineProperty(navigator, 'language', { value: 'en-US@posix', configurable: true });
    try {
      await import('../../src/webview/language-tag.js');
      assert.equal(navigator.language, 'en-US');
    } finally {
      Reflect.deleteProperty(navigator, 'language');
    }
  });
});
