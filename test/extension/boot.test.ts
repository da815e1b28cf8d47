import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { KeptMachines } from '../../src/extension/boot/kept-machines.js';
import type { BootResult } from '../../src/extension/boot/machine-children.js';
import { child } from '../runtime/hosts.js';
import { elf } from '../runtime/machine/elf-file.js';
import { fileUri, remove } from './support/files.js';
import { askUntil, closeTerminals, waitForTerminal } from './support/wait.js';

/** Prints what is typed; switches itself off at a q. */
const ECHO = elf([
  ...[0x66, 0xba, 0xfd, 0x03, 0xec, 0xa8, 0x01, 0x74, 0xfb], // mov dx, 0x3fd; 1: in al, dx; test al, 1; jz 1b
  ...[0x66, 0xba, 0xf8, 0x03, 0xec, 0xee, 0x3c, 0x71, 0x75, 0xed], // mov dx, 0x3f8; in al, dx; out dx, al; cmp al, 'q'; jne 0
  ...[0x66, 0xba, 0x04, 0xb0, 0x66, 0xb8, 0x00, 0x34, 0x66, 0xef, 0xf4], // mov dx, 0xb004; mov ax, 0x3400; out dx, ax; hlt
]);
/** An invalid instruction, and no table of handlers. */
const FAULTY = elf([0x0f, 0x0b]);

describe('booting a child', () => {
  /** What machines resolve to that the running test has started. */
  const started: Thenable<unknown>[] = [];
  const start = <T>(command: string, ...args: unknown[]) => {
    const result = ask<T>(command, ...args);
    started.push(result);
    return result;
  };
  const ask = <T>(command: string, ...args: unknown[]) =>
    vscode.commands.executeCommand<T>(`hvhost.${command}`, ...args);
  const boot = (file: string, host: string, child: string) =>
    start<BootResult | null>('bootChild', fileUri(file).toString(), host, child);
  const guests = [fileUri('guests.hvhost').toString(), 'Guests'] as const;
  const bootGuest = (child: string) => boot('guests.hvhost', 'Guests', child);

  // Each test finds the same files and nothing that runs, whatever became of the one before.
  beforeEach(async () => {
    for (const file of ['.hvhost', 'echo.img', 'keeper.img']) await remove(fileUri(file));
    await vscode.workspace.fs.writeFile(fileUri('echo.bin'), ECHO);
    await vscode.workspace.fs.writeFile(fileUri('faulty.bin'), FAULTY);
  });

  afterEach(async () => {
    const late = vscode.window.onDidOpenTerminal((terminal) => terminal.dispose());
    await closeTerminals();
    await Promise.allSettled(started.splice(0));
    late.dispose();
  });

  it('runs a real kernel on our Hyper-V until it switches itself off, its console in a terminal', async () => {
    const result = await boot('first-guest.hvhost', 'FirstGuest', 'tiny');
    assert.equal(result?.why, 'power off');
    assert.match(result.console, /^hypervisor: Microsoft Hv\r\nhypercall page: enabled\r\nvmbus: version 5\.3\r\n/);
    assert.match(result.console, /done\r\n$/);
    assert.ok(vscode.window.terminals.some(({ name }) => name === 'tiny'));
  });

  it('boots it again in the same terminal', async () => {
    for (let time = 0; time < 2; time++) {
      const result = await boot('first-guest.hvhost', 'FirstGuest', 'tiny');
      assert.match(result?.console ?? '', /^hypervisor[\s\S]*done\r\n$/);
    }
    assert.equal(vscode.window.terminals.filter(({ name }) => name === 'tiny').length, 1);
  });

  it('makes a disk that is not there, and reads it the next time', async () => {
    for (let time = 0; time < 2; time++) {
      const result = await bootGuest('keeper');
      assert.equal(result?.why, 'power off');
      assert.match(result.console, /SCSI controller/);
      assert.equal((await vscode.workspace.fs.stat(fileUri('keeper.img'))).size, 1 << 20);
    }
  });

  it('gives the guest what is typed, runs it once, and its disk is its own', async () => {
    const first = bootGuest('echo');
    const terminal = await waitForTerminal('echo');
    const second = bootGuest('echo');
    const thief = await bootGuest('thief');
    assert.match(thief?.detail ?? '', /echo\.img: the disk is in use by the child echo/);
    terminal.sendText('typed q', false);
    const result = await first;
    assert.equal(result?.why, 'power off');
    assert.equal(result.console, 'typed q');
    assert.deepEqual(await second, result);
  });

  it('turns the machine off when its terminal is closed', async () => {
    const result = bootGuest('echo');
    (await waitForTerminal('echo')).dispose();
    assert.equal((await result)?.why, 'turned off');
  });

  it('takes the machine along when its parent fails', async () => {
    const result = bootGuest('echo');
    await waitForTerminal('echo');
    await ask('failParent', ...guests);
    assert.equal((await result)?.why, 'parent failed');
  });

  it('leaves a machine alone when the parent of a host of another file fails, though the host has its name', async () => {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(fileUri('guests.hvhost')));
    const twin = text.replace('"echo.img"', '"twin.img"');
    await vscode.workspace.fs.writeFile(fileUri('twins.hvhost'), new TextEncoder().encode(twin));
    const result = bootGuest('echo');
    await waitForTerminal('echo');
    const other = boot('twins.hvhost', 'Guests', 'echo');
    const terminal = await waitForTerminal('echo', 2);
    await ask('failParent', ...guests);
    assert.equal((await result)?.why, 'parent failed');
    terminal.sendText('q', false);
    assert.equal((await other)?.why, 'power off');
  });

  it('keeps machines of the same name in two files apart', async () => {
    const [one, other] = ['guests', 'twins'].map(
      (file) => new KeptMachines(fileUri(`${file}.hvhost`), 'Guests', child('twin')),
    );
    await one!.save(Uint8Array.of(1));
    await other!.save(Uint8Array.of(2));
    assert.deepEqual(await one!.readSaved(), Uint8Array.of(1));
  });

  const declared = (child: string) => [...guests, child] as const;
  /** What it prints until its end, once it runs in a terminal of its own. */
  const finish = async (result: Thenable<BootResult | null>, typed: string) => {
    (await waitForTerminal('echo')).sendText(typed, false);
    const printed = (await result)?.console;
    await closeTerminals();
    return printed;
  };

  it('saves a machine where it stands, and goes on with it', async () => {
    const first = bootGuest('echo');
    const terminal = await waitForTerminal('echo');
    await ask('pauseChild', 'echo');
    await ask('resumeChild', 'echo');
    assert.equal(await ask('saveChild', [terminal]), true, 'as from the menu of its terminal');
    assert.equal((await first)?.why, 'turned off');
    await closeTerminals();
    await vscode.workspace.fs.writeFile(fileUri('echo.bin'), FAULTY);
    const on = start<BootResult>('restoreChild', ...declared('echo'));
    await waitForTerminal('echo');
    assert.equal(await ask('restoreChild', ...declared('echo')), null, 'it runs');
    assert.equal(await finish(on, 'on q'), 'on q');
  });

  it('tells a saved state that cannot be read from one that is not there', async () => {
    const kept = new KeptMachines(fileUri('guests.hvhost'), 'Guests', child('nobody'));
    const fault = () => kept.readSaved().then(() => 'none', String);
    assert.match(await fault(), /child nobody has no saved state/);
    await vscode.workspace.fs.createDirectory(fileUri('.hvhost/guests.hvhost/saved/Guests.nobody.hvsnap'));
    assert.match(await fault(), /director/i);
    assert.deepEqual(await kept.checkpoints(), []);
  });

  it('keeps a checkpoint of a machine and its disk, and goes back to it', async () => {
    const disk = async () => (await vscode.workspace.fs.readFile(fileUri('echo.img')))[0];
    const first = bootGuest('echo');
    await waitForTerminal('echo');
    assert.equal(await ask('checkpointChild', 'echo', 'clean'), true);
    assert.equal(await finish(first, 'q'), 'q');
    const image = Uint8Array.from(await vscode.workspace.fs.readFile(fileUri('echo.img')));
    image[0] = 99;
    await vscode.workspace.fs.writeFile(fileUri('echo.img'), image);
    assert.equal(await finish(start<BootResult>('revertChild', ...declared('echo'), 'clean'), 'back q'), 'back q');
    assert.equal(await disk(), 0);
    assert.equal(await ask('revertChild', ...declared('echo'), 'dirty'), null, 'there is none of that name');
  });

  it('runs the modelled children of its switches beside it', async () => {
    const result = boot('guests.hvhost', 'Beside', 'alone');
    const terminal = await waitForTerminal('alone');
    // Nobody tells when they have started.
    await askUntil(async () => {
      const told = await ask<string | null>('showNeighbours', 'alone');
      return told?.startsWith('mate  running, modelled 192.168.137.11; ') ?? false;
    });
    terminal.sendText('q', false);
    assert.equal((await result)?.console, 'q');
  });

  it('survives a guest that no processor survives', async () => {
    assert.equal((await bootGuest('faulty'))?.why, 'triple fault');
  });

  const refusals = {
    text: /guests\.hvhost: it is/,
    missing: /nowhere\.bin: the kernel cannot be read/,
    burglar: /'guest\/\.\.\/\.\.\/secret\.bin' lies outside of /,
    huge: /'huge' does not start: .*\[HV401\]/,
  };
  for (const [child, reason] of Object.entries(refusals)) {
    it(`refuses the child ${child} and says why`, async () => {
      const result = await bootGuest(child);
      assert.equal(result?.why, 'refused');
      assert.match(result.detail ?? '', reason);
    });
  }

  it('does not boot out of a file with errors', async () => {
    const result = await boot('broken.hvhost', 'Broken', 'any');
    assert.equal(result?.why, 'refused');
    assert.match(result.detail ?? '', /^Broken does not run: /);
  });
});
