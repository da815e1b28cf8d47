/** How a guest is answered. */
export interface GuestAnswers {
  send(payload: Uint8Array): void;
  /** What the guest said means nothing; it goes on. */
  ignored(reason: string): void;
}
