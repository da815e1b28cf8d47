import type { MachineStatus } from '../../protocol/machine.js';
import { formatBytes } from '../format.js';

const PAGE_BYTES = 4096;

/** What a guest says of itself, and what it has. */
export function GuestFacts({ status }: { status: MachineStatus }) {
  const { guestOs, heartbeat, memory, values } = status;
  const facts: [string, string][] = [
    ['Kernel', guestOs ?? 'has not said what it is'],
    ['Heartbeat', heartbeat],
  ];
  if (memory !== null) {
    facts.push(['Memory assigned', formatBytes(memory.assignedPages * PAGE_BYTES)]);
    facts.push(['Memory in demand', formatBytes(memory.demandPages * PAGE_BYTES)]);
  }
  // What a guest could not find out it tells as nothing.
  for (const { key, value } of values) if (value !== '') facts.push([key, value]);
  return (
    <section aria-labelledby="guest-title">
      <h2 id="guest-title">Guest</h2>
      <table>
        <tbody>
          {facts.map(([name, text]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="word">{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
