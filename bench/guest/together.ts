import { readFileSync } from 'node:fs';
import { bootChildren, type ScriptedChild } from './children.js';

/** It lies in the memory of its sender. */
const NETWORK_MB = 20;

/** MB/s of a file that one child gets from another over a virtual switch, as its own clock sees it: the median of three. */
export async function networkMBs(): Promise<number> {
  const sender = `udhcpc -i eth0 -q -n\ndd if=/dev/zero of=/tmp/whole bs=1M count=${NETWORK_MB}\nhttpd -h /tmp\n`;
  const receiver = [
    'udhcpc -i eth0 -q -n',
    'until nslookup sender > /dev/null; do sleep 1; done',
    'until wget -q -O /dev/null http://sender/whole; do sleep 1; done',
    ...Array.from({ length: 3 }, () => 'time wget -q -O /dev/null http://sender/whole'),
  ].join('\n');
  const { printed } = await bootChildren([child('receiver', receiver), child('sender', sender)]);
  const times = [...printed.matchAll(/^receiver \| real\s+(\d+)m\s*([\d.]+)s/gm)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  const took = times.sort((a, b) => a - b)[1] ?? 0;
  if (!(took > 0)) throw new Error(`the receiver says no time: ${printed.slice(-3000)}`);
  return NETWORK_MB / took;
}

export interface Together {
  /** From the command until the last shell has answered. */
  seconds: number;
  /** Of the whole process then, for each child. */
  residentMBPerChild: number;
}

/** Children of 96 MB that boot at once, each on a thread of its own. */
export async function bootTogether(count: number): Promise<Together> {
  const script = 'echo "is ""there"\nsleep 3\n';
  const children = Array.from({ length: count }, (_, index) => child(`child${index}`, script));
  const from = performance.now();
  let result: Together | null = null;
  await bootChildren(children, (printed, pid) => {
    if (result !== null || printed.split(/^\w+ \| is there/m).length - 1 < count) return;
    const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
    result = { seconds: (performance.now() - from) / 1000, residentMBPerChild: resident / count };
  });
  if (result === null) throw new Error('not every child reached its shell');
  return result;
}

function child(name: string, script: string): ScriptedChild {
  return { name, script, says: 'nic on Stage' };
}
