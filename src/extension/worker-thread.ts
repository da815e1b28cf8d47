import type { Thread } from './platform.js';

/** What a worker of Node and one of a browser have in common. */
export interface AnyWorker<Command, Event> {
  post(command: Command): void;
  /** Called once, at once: an error of a worker to which nobody listens counts as one of the extension host. */
  listen(heard: (event: Event) => void, failed: (message: string) => void): void;
  terminate(): void;
}

/**
 * A worker as a thread of which nobody hears any more once it is disposed of. Workers do not keep to that themselves: Node still
 * delivers what one had sent before it was terminated, and a browser tells of the errors of one that is being terminated.
 */
export function threadOf<Command, Event>(
  worker: AnyWorker<Command, Event>,
  failed: (message: string) => Event,
): Thread<Command, Event> {
  const early: Event[] = [];
  let tell = (event: Event): void => void early.push(event);
  worker.listen(
    (event) => tell(event),
    (message) => tell(failed(message)),
  );
  return {
    send: (command) => worker.post(command),
    onEvent(listener) {
      tell = listener;
      for (const event of early.splice(0)) tell(event);
    },
    dispose() {
      tell = () => {};
      worker.terminate();
    },
  };
}
