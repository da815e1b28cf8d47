import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { DiskInfo } from '../../machine-host/disk/disk-image.js';
import { MachineError } from '../../machine-host/machine-error.js';
import { formatBytes } from '../../model/format.js';
import { parseSize } from '../arguments.js';
import { createNodeDisk, type NewDisk, openNodeImage } from '../boot/node-disk-files.js';
import { EXIT, UsageError } from '../exit.js';

export function diskCommand(): Command {
  return new Command('disk')
    .description('make and look at the disk files of children that boot a kernel: VHD, VHDX, raw')
    .addCommand(createCommand())
    .addCommand(infoCommand())
    .addCommand(checkCommand())
    .addHelpText(
      'after',
      `
Examples:
  hvhost disk create data.vhdx --size 40GB           grows as it is written to
  hvhost disk create data.vhd --size 4GB --fixed     takes all its room at once
  hvhost disk create test.vhdx --base golden.vhdx    keeps only what differs from golden.vhdx
  hvhost disk check *.vhdx

\`hvhost boot\` makes missing disks by itself, as the definition says.`,
    );
}

interface CreateFlags {
  size?: number;
  fixed?: boolean;
  base?: string;
  blockSize?: number;
  sector?: string;
}

function createCommand(): Command {
  return new Command('create')
    .description('make a disk; its format follows the ending: .vhd, .vhdx, .raw or .img')
    .argument('<file>', 'a file that is not there yet')
    .addOption(
      new Option('--size <size>', 'what the guest sees; with --base it is that of the base').argParser(parseSize),
    )
    .option('--fixed', 'take all its room at once instead of growing')
    .option('--base <file>', 'make a differencing disk on this one, which must not be written to any more')
    .addOption(
      new Option('--block-size <size>', 'the step in which the file grows, a power of two').argParser(parseSize),
    )
    .addOption(new Option('--sector <bytes>', 'what the guest reads and writes at once').choices(['512', '4096']))
    .action(async (file: string, flags: CreateFlags) => {
      if ((flags.base === undefined) === (flags.size === undefined)) {
        throw new UsageError('a new disk needs --size or --base, and not both');
      }
      if (flags.base !== undefined && flags.fixed) throw new UsageError('a disk with --base cannot be --fixed');
      const { size, base, blockSize, fixed = false } = flags;
      const sectorBytes = flags.sector === undefined ? undefined : flags.sector === '512' ? 512 : 4096;
      const disk: NewDisk = { bytes: size ?? null, base: base ?? null, fixed, blockBytes: blockSize, sectorBytes };
      await orUsageError(() => createNodeDisk(resolve(file), disk));
    });
}

function infoCommand(): Command {
  return new Command('info')
    .description('tell what a disk file is, and what it builds on')
    .argument('<file>', 'a disk file, which is only read')
    .option('--json', 'for programs')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const info = await orUsageError(() => read(file));
      console.log(json ? JSON.stringify({ version: 1, ...info }, null, 2) : infoText(file, info));
    });
}

function checkCommand(): Command {
  return new Command('check')
    .description('look whether disk files are whole, with those they build on; they are only read')
    .argument('<file...>', 'disk files')
    .action(async (files: string[]) => {
      const missing = files.find((file) => !existsSync(file));
      if (missing !== undefined) throw new UsageError(`${missing}: there is no such file`);
      for (const file of files) {
        try {
          const { unfinished } = await read(file);
          console.log(
            `${file}: ${unfinished.length === 0 ? 'fine' : `${unfinished.join('; ')} (the next boot mends it)`}`,
          );
        } catch (error) {
          if (!(error instanceof MachineError)) throw error;
          console.log(error.message);
          process.exitCode = EXIT.failed;
        }
      }
    });
}

async function read(file: string): Promise<DiskInfo> {
  const disk = await openNodeImage(resolve(file));
  const info = disk.info();
  await disk.close();
  return info;
}

function infoText(file: string, info: DiskInfo): string {
  const lines: [label: string, text: string][] = [
    ['file', `${file}, ${formatBytes(info.fileBytes)}`],
    [
      'disk',
      `${info.allocation} ${info.format === 'raw' ? 'raw' : info.format.toUpperCase()}, ${formatBytes(info.bytes)}`,
    ],
    ['sectors', `${info.sectorBytes} bytes`],
  ];
  if (info.blocks !== null && info.blockBytes !== null) {
    const { all, inFile } = info.blocks;
    lines.push(['blocks', `${inFile} of ${all} in the file, each of ${formatBytes(info.blockBytes)}`]);
  }
  if (info.id !== null) lines.push(['identity', info.id]);
  if (info.parent !== null)
    lines.push(['builds on', `${info.parent.paths[0] ?? 'a disk without a path'} (${info.parent.id})`]);
  for (const sentence of info.unfinished) lines.push(['unfinished', sentence]);
  return lines.map(([label, text]) => `${label.padEnd(12)}${text}`).join('\n');
}

async function orUsageError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof MachineError ? new UsageError(error.message) : error;
  }
}
