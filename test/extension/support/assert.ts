/** The few assertions the suites use, for a worker, which has no node:assert. */
export function ok(value: unknown, message = 'expected a value'): asserts value {
  if (!value) throw new Error(message);
}

export function equal(actual: unknown, expected: unknown, message = ''): void {
  if (!Object.is(actual, expected)) throw new Error(`${message} expected ${show(expected)}, got ${show(actual)}`);
}

export function deepEqual(actual: unknown, expected: unknown, message = ''): void {
  equal(show(actual), show(expected), message);
}

export function match(actual: string, pattern: RegExp): void {
  ok(pattern.test(actual), `expected ${pattern}, got ${show(actual)}`);
}

const show = (value: unknown) => JSON.stringify(value) ?? String(value);

export default { ok, equal, deepEqual, match };
