import { writeFile } from 'node:fs/promises';
import type { FreezeOutcome, Picture, TextFrame } from '../../protocol/machine.js';
import type { MachineControl } from './machine-control.js';
import { MONITOR_HELP, type MonitorCommand } from './monitor-command.js';
import { png } from './png.js';

/** What the prompt reaches beside what keeps the machine. */
export interface Orders {
  /** What is known of the guest, for people. */
  guest(): string;
  /** What is known of the modelled children beside it. */
  neighbours(): string;
  /** The guest's screen; null where it has none. */
  screenshot(): Promise<Picture | null>;
  shutDown(): boolean;
  /** The machine is kept in a file. */
  saved(path: string): void;
  revert(name: string): void;
  powerOff(): void;
  failParent(): void;
}

/** Carries out what was typed at the prompt; the answer is for whoever typed it. Rejects with what went wrong. */
export async function perform(
  command: MonitorCommand,
  control: MachineControl,
  orders: Orders,
): Promise<{ text: string | null; stay: boolean }> {
  const { checkpoints } = control;
  const stay = (text: string) => ({ text, stay: true });
  const back = (text: string | null) => ({ text, stay: false });
  switch (command.word) {
    case 'pause':
      await control.pause();
      return stay('paused');
    case 'resume':
      if (!control.paused) return stay('it is not paused');
      await control.resume();
      return back(null);
    case 'save': {
      const { path, bytes } = await control.save(command.file);
      orders.saved(path);
      return back(`saved to ${path} (${Math.ceil(bytes / 2 ** 20)} MB)`);
    }
    case 'screenshot': {
      const frame = await orders.screenshot();
      if (frame === null) return stay('the guest has no screen, or no driver for it');
      if ('lines' in frame) {
        await writeFile(command.file, textOf(frame));
        return stay(
          `it shows characters: ${frame.columns} x ${frame.lines.length} of them, as text in ${command.file}`,
        );
      }
      await writeFile(command.file, png(frame));
      return stay(`${frame.width} x ${frame.height} pixels in ${command.file}`);
    }
    case 'checkpoint':
      return stay(
        `checkpoint '${command.name}' is kept${FROZEN[(await control.checkpoint(command.name)) ?? 'frozen']}`,
      );
    case 'checkpoints':
      return stay(await listed(control));
    case 'revert':
      await checkpoints.snapshot(command.name); // before anything is given up for it
      orders.revert(command.name);
      return back(null);
    case 'delete':
      await checkpoints.delete(command.name);
      return stay(`checkpoint '${command.name}' is deleted`);
    case 'shut down':
      if (control.paused) await control.resume();
      return orders.shutDown() ? back(null) : stay('the guest has no shutdown service, or not yet');
    case 'power off':
      orders.powerOff();
      return back(null);
    case 'fail parent':
      orders.failParent();
      return back(null);
    case 'guest':
      return stay(orders.guest());
    case 'neighbours':
      return stay(orders.neighbours());
    case 'help':
      return stay(MONITOR_HELP.join('\n'));
  }
}

/** What a checkpoint is worth besides. */
const FROZEN: Record<FreezeOutcome, string> = {
  frozen: '',
  refused: '; the guest did not hold its file systems still for it',
  'no service': '; the guest has no backup service that would hold its file systems still for it',
};

async function listed({ checkpoints }: MachineControl): Promise<string> {
  const list = await checkpoints.list();
  if (list.length === 0) return 'there are no checkpoints';
  return list.map(({ name, savedAtMs }) => `${new Date(savedAtMs).toISOString()}  ${name}`).join('\n');
}

function textOf({ lines }: TextFrame): string {
  return lines
    .map(
      (runs) =>
        `${runs
          .map(({ text }) => text)
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}
