import type { ComponentChildren } from 'preact';

/** Something wider or taller than its place. It takes the focus so that arrow keys scroll it. */
export function ScrollRegion({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scroll-region" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
