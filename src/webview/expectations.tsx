import type { ExpectationResult } from '../protocol/run-result.js';
import { formatTime } from './format.js';
import { Icon } from './icons.js';
import { run } from './store.js';

/** What the scenario expected, met or not, once the run is over. */
export function Expectations() {
  const { result } = run.value;
  if (result === null || result.expectations.length === 0) return null;
  return (
    <section aria-labelledby="expectations-title">
      <h2 id="expectations-title">Expectations</h2>
      <ul class="expectations">
        {result.expectations.map((expectation, index) => (
          <Expectation key={index} expectation={expectation} readyNs={result.readyNs} />
        ))}
      </ul>
    </section>
  );
}

/** Its moment counts from when the host was ready, as those in the file do. */
function Expectation({ expectation, readyNs }: { expectation: ExpectationResult; readyNs: number }) {
  const { met, text, seen, atNs } = expectation;
  return (
    <li class={met ? 'met' : 'not-met'}>
      <span class="verdict">
        <Icon name={met ? 'check' : 'cross'} /> {met ? 'met' : 'not met'}
      </span>
      <span>
        <code>{text}</code>
        <span class="seen">
          {seen}
          {atNs !== null && `, at ${formatTime(atNs - readyNs)} of the scenario`}
        </span>
      </span>
    </li>
  );
}
