/**
 * uPlot formats numbers in the language of the browser as soon as it is loaded, and throws where that is no language tag: a
 * Chromium in the POSIX locale says `en-US@posix`. Imported before it, this says the language without what is behind it.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  const [tag = 'en'] = navigator.language.split('@');
  Object.defineProperty(navigator, 'language', { value: tag, configurable: true });
}

export {};
