import { run } from './store.js';

/** What a reader must know about a finished run: what stood in for something else, what did not run. */
export function Notes() {
  const notes = run.value.result?.notes ?? [];
  if (notes.length === 0) return null;
  return (
    <section aria-labelledby="notes-title">
      <h2 id="notes-title">Good to know</h2>
      <ul class="notes">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}
