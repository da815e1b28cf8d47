/** The document cannot be imported; the message names the property and says why. */
export class ImportError extends Error {}
