const LEAVE = 0x1d; // Ctrl-]

/** Connects the guest's console with the terminal: every key goes to the guest, Ctrl-] leaves. Returns how to undo it. */
export function attachTerminal(send: (bytes: Uint8Array) => void, leave: () => void): () => void {
  const { stdin } = process;
  const interactive = stdin.isTTY === true;
  const receive = (bytes: Buffer) => {
    const end = interactive ? bytes.indexOf(LEAVE) : -1;
    send(end < 0 ? bytes : bytes.subarray(0, end));
    if (end >= 0) leave();
  };
  if (interactive) stdin.setRawMode(true);
  stdin.on('data', receive);
  stdin.resume();
  return () => {
    stdin.off('data', receive);
    if (interactive) stdin.setRawMode(false);
    stdin.pause();
  };
}
