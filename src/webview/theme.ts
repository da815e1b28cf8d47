import { themeVersion } from './store.js';

/** Follows VS Code's theme (it changes the style of the root and the class of the body) and, in a report, the system's. */
export function watchTheme(): void {
  const changed = () => {
    themeVersion.value++;
  };
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}

/** The value of a colour of the style sheet, for canvases, which do not read CSS. */
export function themeColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
