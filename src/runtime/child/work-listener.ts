/** Hears how the requests of a guest fare. */
export interface WorkListener {
  answered(latencyNs: number): void;
  /** A device answered a request with an error, which ends it. */
  failed(): void;
}
