// Makes out/guest/vmlinuz and out/guest/initrd.gz from Debian's own i386 packages: the kernel as it is, its Hyper-V
// modules, busybox and the daemons of hv_utils. Needs apt and dpkg-deb; installs nothing and changes no list of the system.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const MODULES =
  'hv_vmbus hv_utils hv_storvsc sd_mod ext4 crc32c_generic hv_netvsc af_packet hv_balloon hyperv_keyboard evdev ata_piix'.split(
    ' ',
  );
/** Loaded by whoever wants the screen: a console on it costs time. */
const SCREEN_MODULES = ['hyperv_drm'];
const APPLETS =
  'sh mount umount mkdir cat echo ls cp rm cmp dd insmod dmesg uname sync sleep grep head tail md5sum mke2fs mkfs.ext2 fstrim date seq free ps ip reboot blkdiscard wc setsid cttyhack ifconfig route ping ping6 nc udhcpc nslookup httpd wget sha256sum hostname time kill pidof cut tr sed test vconfig arp hexdump stat chvt'.split(
    ' ',
  );
/** Without a network apt would wait for long. */
const APT_MS = 120_000;
const DAEMONS = ['hyperv-daemons', 'libc6'];

const INIT = `#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec </dev/ttyS0 >/dev/ttyS0 2>&1
for module in /modules/*.ko; do insmod "$module"; done
ip link set lo up
for daemon in /usr/sbin/hv_*_daemon; do "$daemon"; done
exec setsid cttyhack /bin/sh
`;
// What udhcpc runs when it has an address, or has lost it.
const CONFIGURE = `#!/bin/sh
case "$1" in
  deconfig) ip link set "$interface" up; ip addr flush dev "$interface" ;;
  bound | renew)
    ip addr replace "$ip/$mask" dev "$interface"
    [ -n "$router" ] && ip route replace default via "$router"
    [ -n "$hostname" ] && hostname "$hostname"
    { [ -n "$domain" ] && echo "search $domain"; for server in $dns; do echo "nameserver $server"; done; } > /etc/resolv.conf
    ;;
esac
`;
// What the kernel calls when the host asks it to shut down.
const POWEROFF = '#!/bin/sh\nsync\nexec /bin/busybox poweroff -f\n';

const FOLDER = fileURLToPath(new URL('../out/guest/', import.meta.url));
export const GUEST = { folder: FOLDER, kernel: join(FOLDER, 'vmlinuz'), initrd: join(FOLDER, 'initrd.gz') };

/** By what text of this script the guest was made: another one makes another guest. */
const RECIPE = join(FOLDER, 'recipe');

/** The guest, fetched when it is not there yet; a sentence that says why not where it cannot be had. */
export function ensureLinuxGuest() {
  const recipe = createHash('sha256')
    .update(readFileSync(import.meta.filename))
    .digest('hex');
  const isFresh = existsSync(RECIPE) && readFileSync(RECIPE, 'utf8') === recipe;
  if (isFresh && existsSync(GUEST.kernel) && existsSync(GUEST.initrd)) return null;
  for (const tool of ['apt-get', 'apt-cache', 'dpkg-deb']) {
    if (!onPath(tool)) return `it needs Debian's ${tool}, which is not here`;
  }
  const work = mkdtempSync(join(tmpdir(), 'hvhost-guest-'));
  try {
    build(work);
    writeFileSync(RECIPE, recipe);
    return null;
  } catch (error) {
    return `Debian's packages could not be fetched: ${error.message.split('\n')[0]}`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function build(work) {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'root'])
    mkdirSync(join(work, folder), { recursive: true });
  const options = [
    ['APT::Architecture', 'i386'],
    ['APT::Architectures', 'i386'],
    ['Dir::State::Lists', join(work, 'lists')],
    ['Dir::Cache', join(work, 'cache')],
    ['APT::Sandbox::User', 'root'],
    ['Acquire::Retries', '0'],
    ['Acquire::http::Timeout', '20'],
    ['Acquire::https::Timeout', '20'],
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const run = (tool, ...args) =>
    execFileSync(tool, [...options, ...args], {
      cwd: work,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: APT_MS,
    });

  try {
    run('apt-get', '-qq', 'update');
  } catch {
    // One index of several may be in the middle of a mirror's update; what arrived is enough or the next step fails.
  }
  const image = /Depends: (linux-image-\S+)/.exec(run('apt-cache', 'depends', 'linux-image-686'))?.[1];
  if (image === undefined) throw new Error('there is no 32-bit kernel (linux-image-686) in the configured sources');
  run('apt-get', '-qq', 'download', image, 'busybox-static', ...DAEMONS);
  const root = join(work, 'root');
  for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
    execFileSync('dpkg-deb', ['-x', join(work, file), root]);
  }
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(GUEST.kernel, readFileSync(join(root, 'boot', image.replace('linux-image', 'vmlinuz'))));
  writeFileSync(GUEST.initrd, gzipSync(initramfs(root), { level: 9 }));
}

function initramfs(root) {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const read = (path) => readFileSync(realpathSync(join(root, path)));
  const find = (name) => {
    const path = files.find((candidate) => basename(candidate) === name);
    if (path === undefined) throw new Error(`the packages have no ${name}`);
    return read(path);
  };
  const archive = cpio();
  for (const folder of [
    'bin',
    'sbin',
    'usr',
    'usr/sbin',
    'etc',
    'etc/udhcpc',
    'lib',
    'modules',
    'modules/screen',
    'proc',
    'sys',
    'dev',
    'tmp',
    'mnt',
    'var',
    'var/lib',
    'var/lib/hyperv',
  ]) {
    archive.add(folder, 0o40755);
  }
  archive.add('init', 0o100755, Buffer.from(INIT));
  archive.add('sbin/poweroff', 0o100755, Buffer.from(POWEROFF));
  archive.add('etc/udhcpc/default.script', 0o100755, Buffer.from(CONFIGURE));
  archive.add('bin/busybox', 0o100755, find('busybox'));
  for (const applet of APPLETS) archive.add(`bin/${applet}`, 0o120777, Buffer.from('busybox'));
  for (const daemon of ['hv_kvp_daemon', 'hv_vss_daemon']) archive.add(`usr/sbin/${daemon}`, 0o100755, find(daemon));
  archive.add('lib/libc.so.6', 0o100755, find('libc.so.6'));
  archive.add('lib/ld-linux.so.2', 0o100755, find('ld-linux.so.2'));
  archive.add('etc/os-release', 0o100644, Buffer.from('NAME="hvhost test guest"\nID=hvhost\nVERSION_ID="1"\n'));
  const always = modulesInOrder(files, read, MODULES);
  const loaded = new Set(always.map(({ name }) => name));
  const screen = modulesInOrder(files, read, SCREEN_MODULES).filter(({ name }) => !loaded.has(name));
  addModules(archive, 'modules', always);
  addModules(archive, 'modules/screen', screen);
  return archive.end();
}

/** Named so that a shell lists them in the order in which they have to be loaded. */
function addModules(archive, folder, modules) {
  for (const [index, { name, data }] of modules.entries()) {
    archive.add(`${folder}/${String(index).padStart(2, '0')}-${name}.ko`, 0o100644, data);
  }
}

/** The wanted modules, each behind those it depends on. */
function modulesInOrder(files, read, wanted) {
  const paths = new Map(
    files.filter((path) => path.endsWith('.ko')).map((path) => [basename(path, '.ko').replaceAll('-', '_'), path]),
  );
  const done = new Map();
  const add = (name) => {
    const path = paths.get(name);
    if (path === undefined || done.has(name)) return; // built into the kernel, or there already
    const data = read(path);
    done.set(name, null);
    const depends = /(?:^|\0)depends=([^\0]*)\0/.exec(data.toString('latin1'))?.[1] ?? '';
    for (const other of depends.split(',').filter((text) => text !== '')) add(other.replaceAll('-', '_'));
    done.delete(name);
    done.set(name, { name, data });
  };
  for (const name of wanted) add(name);
  return [...done.values()];
}

/** An archive in cpio's "newc" form, which the kernel unpacks as its first file system. */
function cpio() {
  const parts = [];
  let inode = 1;
  const hex = (value) => value.toString(16).padStart(8, '0').toUpperCase();
  const padded = (data) => Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
  const add = (name, mode, data = Buffer.alloc(0)) => {
    const fields = [inode++, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length + 1, 0];
    parts.push(padded(Buffer.from(`070701${fields.map(hex).join('')}${name}\0`)), padded(data));
  };
  return {
    add,
    end() {
      add('TRAILER!!!', 0);
      return Buffer.concat(parts);
    },
  };
}

function onPath(tool) {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const trouble = ensureLinuxGuest();
  if (trouble === null) console.log(`guest: ${GUEST.kernel}, ${GUEST.initrd}`);
  else console.error(`no Linux guest: ${trouble}`);
  process.exitCode = trouble === null ? 0 : 1;
}
