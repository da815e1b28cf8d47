import type { ExpectationResult } from '../protocol/run-result.js';
import { formatTime } from './format.js';
import { Icon } from './icons.js';
import { run } from './store.js';

/** What the scenario expected, met or not, once the run is over. */
export function Expectations() {
  const expectations = run.value.result?.expectations ?? [];
  if (expectations.length === 0) return null;
  return (
    <section aria-labelledby="expectations-title">
      <h2 id="expectations-title">Expectations</h2>
      <ul class="expectations">
        {expectations.map((expectation, index) => (
          <Expectation key={index} expectation={expectation} />
        ))}
      </ul>
    </section>
  );
}

function Expectation({ expectation }: { expectation: ExpectationResult }) {
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
          {atNs !== null && `, at ${formatTime(atNs)}`}
        </span>
      </span>
    </li>
  );
}
