/** What the extension and the page that shows a running machine child say to each other. */
import type { Keystroke, MachineStatus, Picture } from './machine.js';

/** To the page. */
export type ScreenMessage =
  /** The child boots: what was shown of the last boot is over. */
  | { type: 'began' }
  | { type: 'frame'; frame: Picture }
  | { type: 'status'; status: MachineStatus }
  /** A sentence about its end. */
  | { type: 'ended'; text: string };

/** From the page. */
export type ScreenRequest =
  | { type: 'ready' }
  /** The user presses or lets go of a key while the screen has the focus. */
  | { type: 'key'; keystroke: Keystroke };
