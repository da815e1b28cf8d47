import type { ChannelSnapshot, PartitionSnapshot } from '../../protocol/protocol.js';
import { formatRate } from '../format.js';
import type { ChildBox, Line, MapLayout } from './layout.js';

interface Props {
  layout: MapLayout;
  channels: ChannelSnapshot[];
  partitions: PartitionSnapshot[];
  busName: string;
}

/** The wires between the boxes. All they say is said in words elsewhere, so a screen reader skips them. */
export function MapLines({ layout, channels, partitions, busName }: Props) {
  return (
    <svg class="lines" width={layout.width} height={layout.height} aria-hidden="true">
      {layout.drivers && <Wire line={layout.drivers} kind="driver" />}
      {layout.intercepts.map((line) => (
        <Wire key={key(line)} line={line} kind="intercept" />
      ))}
      {layout.emulator && <Wire line={layout.emulator} kind="intercept" />}
      {layout.bus.map((line) => (
        <Wire key={key(line)} line={line} kind="bus" />
      ))}
      {layout.children.map((child) => (
        <Drops
          key={child.name}
          child={child}
          channels={channels.filter((channel) => channel.child === child.name)}
          exitsPerSecond={exits(partitions.find((partition) => partition.name === child.name))}
        />
      ))}
      {layout.bus.length > 0 && (
        <text class="bus-name" x={layout.busLabel.x} y={layout.busLabel.y + 4}>
          {busName}
        </text>
      )}
      {layout.intercepts.length > 0 && (
        <text class="bus-name" x={layout.busLabel.x} y={layout.busLabel.y + (layout.bus.length > 0 ? 20 : 4)}>
          {layout.bus.length > 0 ? 'intercepts - - -' : 'intercepts'}
        </text>
      )}
    </svg>
  );
}

function Drops({
  child,
  channels,
  exitsPerSecond,
}: {
  child: ChildBox;
  channels: ChannelSnapshot[];
  exitsPerSecond: number;
}) {
  const wired = child.ports.filter((port) => port.path !== 'none');
  const intercepted = wired.find((port) => port.path === 'intercept');
  return (
    <g>
      {wired.map((port) => {
        const channel = channels.find((c) => c.device === port.id && port.path === 'bus');
        const busy = channel ? channel.packetsPerSecond > 0 : port.path === 'intercept' && exitsPerSecond > 0;
        return (
          <g key={port.id}>
            <Wire line={port.drop} kind={port.path} busy={busy} />
            {channel && channel.packetsPerSecond > 0 && (
              <text class="traffic" x={port.drop.from.x + 6} y={child.y + child.height + 12}>
                {formatRate(channel.packetsPerSecond)}
              </text>
            )}
          </g>
        );
      })}
      {intercepted && exitsPerSecond > 0 && (
        <text class="traffic" x={intercepted.drop.from.x + 6} y={child.y + child.height + 12}>
          {formatRate(exitsPerSecond)} exits
        </text>
      )}
    </g>
  );
}

function Wire({ line, kind, busy = false }: { line: Line; kind: string; busy?: boolean }) {
  const ends = { x1: line.from.x, y1: line.from.y, x2: line.to.x, y2: line.to.y };
  return (
    <>
      <line class={`wire ${kind}`} {...ends} />
      {kind === 'bus' && <line class="wire bus-core" {...ends} />}
      {busy && <line class="wire flow" {...ends} />}
    </>
  );
}

function exits(partition: PartitionSnapshot | undefined): number {
  return Object.values(partition?.exitsPerSecond ?? {}).reduce((sum, rate) => sum + rate, 0);
}

function key({ from, to }: Line): string {
  return `${from.x},${from.y},${to.x},${to.y}`;
}
