/** Says which test passed only when it was tried again, so that a second chance hides nothing. */
export const mochaHooks = {
  afterEach(this: Mocha.Context): void {
    const test = this.currentTest;
    if (test?.state !== 'passed' || test.isPending()) return;
    const retried = (test as Mocha.Test & { currentRetry(): number }).currentRetry();
    if (retried > 0) console.log(`    tried again: ${test.fullTitle()}`);
  },
};
