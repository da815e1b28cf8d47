import type { ChannelSnapshot, PartitionSnapshot } from '../../protocol/snapshot.js';
import { formatCount, formatRate } from '../format.js';
import type { ChildBox, Line, MapLayout, Point, PortPlace } from './layout.js';

interface Props {
  layout: MapLayout;
  channels: ChannelSnapshot[];
  partitions: PartitionSnapshot[];
  busName: string;
  /** Whether the numbers are of this moment: those of a run that is over move nothing. */
  moves: boolean;
}

/** The wires between the boxes. All they say is said in words elsewhere, so a screen reader skips them. */
export function MapLines({ layout, channels, partitions, busName, moves }: Props) {
  const ports = layout.children.flatMap((child) => child.ports);
  const drops = (path: PortPlace['path']) => ports.filter((port) => port.path === path).map((port) => port.drop);
  const bus = [...layout.bus, ...drops('bus')];
  return (
    <svg class="lines" width={layout.width} height={layout.height} aria-hidden="true">
      <Wires lines={layout.drivers ? [layout.drivers] : []} kind="driver" />
      <Wires lines={[...layout.intercepts, ...drops('intercept')]} kind="intercept" />
      <Wires lines={layout.emulator ? [layout.emulator] : []} kind="intercept" />
      {/* The bus is a double line: the wide strokes of all pieces first, so that they join. */}
      <Wires lines={bus} kind="bus" />
      <Wires lines={bus} kind="bus-core" />
      {layout.children.map((child) => (
        <Traffic
          key={child.name}
          child={child}
          channels={channels.filter((channel) => channel.child === child.name)}
          moves={moves}
          accessesPerSecond={accesses(partitions.find((partition) => partition.name === child.name))}
        />
      ))}
      {layout.bus.length > 0 && <Label at={layout.busLabel}>{busName}</Label>}
      {layout.intercepts.length > 0 && <Label at={layout.interceptLabel}>intercepts</Label>}
    </svg>
  );
}

interface TrafficProps {
  child: ChildBox;
  channels: ChannelSnapshot[];
  moves: boolean;
  accessesPerSecond: number;
}

function Traffic({ child, channels, moves, accessesPerSecond }: TrafficProps) {
  const labelY = child.y + child.height + 12;
  const intercepted = accessesPerSecond > 0 ? child.ports.filter(isAccessed) : [];
  const flowing = child.ports.flatMap((port) => {
    const channel = channels.find((c) => port.path === 'bus' && c.device === port.id && c.packetsPerSecond > 0);
    return channel ? [{ port, channel }] : [];
  });
  return (
    <>
      {moves && (
        <Wires lines={[...flowing.map(({ port }) => port), ...intercepted].map(({ drop }) => drop)} kind="flow" />
      )}
      {flowing.map(({ port, channel }) => (
        <text key={port.id} class="traffic" x={port.drop.from.x + 6} y={labelY}>
          {formatRate(channel.packetsPerSecond)}
        </text>
      ))}
      {intercepted.slice(0, 1).map((port) => (
        <text key={port.id} class="traffic" x={port.drop.from.x + 6} y={labelY}>
          {formatCount(accessesPerSecond)} I/O exits/s
        </text>
      ))}
    </>
  );
}

function Wires({ lines, kind }: { lines: Line[]; kind: string }) {
  return (
    <>
      {lines.map(({ from, to }) => (
        <line
          key={`${from.x},${from.y},${to.x},${to.y}`}
          class={`wire ${kind}`}
          x1={from.x}
          y1={from.y}
          x2={to.x}
          y2={to.y}
        />
      ))}
    </>
  );
}

function Label({ at, children }: { at: Point; children: string }) {
  return (
    <text class="bus-name" x={at.x} y={at.y}>
      {children}
    </text>
  );
}

/** No modelled guest draws, so the display takes no part in the traffic. */
function isAccessed({ path, id }: PortPlace): boolean {
  return path === 'intercept' && id !== 'display';
}

/** Accesses to all emulated devices of a child together: its other exits are none of theirs. */
function accesses(partition: PartitionSnapshot | undefined): number {
  return partition?.exitsPerSecond['I/O port'] ?? 0;
}
