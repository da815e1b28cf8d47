/**
 * Where everything in the partition map stands, in CSS pixels. Pure arithmetic: no measuring, no drawing.
 *
 *   parent | child child child      one row after another, as many columns as fit
 *          | ═╧═════╧═════╧═  bus   under each row; its trunk leads to the parent
 *   ───────────────────────────     the hypervisor's band
 */
export interface MapLayout {
  width: number;
  height: number;
  /** Null where the architecture draws no partition beside the children. */
  parent: Box | null;
  children: ChildBox[];
  hypervisor: Box;
  /** The bus under each row of children, and the trunk that joins them; in drawing order. */
  bus: Line[];
  /** The same for emulated devices, which reach the hypervisor instead. */
  intercepts: Line[];
  /** Down through the hypervisor to the hardware. */
  drivers: Line | null;
  /** From the hypervisor back up to the processes that emulate devices. */
  emulator: Line | null;
  /** Height of the middle of the provider's row inside the parent. */
  providerY: number;
  /** Where the names of the two paths are written. */
  busLabel: Point;
  interceptLabel: Point;
}

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

export interface Line {
  from: Point;
  to: Point;
}

export interface ChildBox extends Box {
  name: string;
  ports: PortPlace[];
}

export interface PortPlace extends Port {
  box: Box;
  /** From the port down to the lane of its row. */
  drop: Line;
}

/** A device of a child that leaves it downwards. */
export interface Port {
  id: string;
  label: string;
  path: 'bus' | 'intercept' | 'none';
}

export interface MapInput {
  width: number;
  parent: boolean;
  children: { name: string; ports: Port[] }[];
}

export const MAP = {
  gap: 12,
  parentWidth: 190,
  gutter: 44,
  childWidth: 156,
  widestChild: 320,
  childHeight: 148,
  /** With many children only the essentials are drawn. */
  compactWidth: 136,
  compactHeight: 112,
  compactFrom: 9,
  /** Below this width everything gives way a little. */
  narrow: 720,
  narrowParentWidth: 176,
  portHeight: 20,
  lanes: 54,
  busLane: 20,
  interceptLane: 38,
  /** Room inside the parent under the last bus lane. */
  foot: 40,
  hypervisorHeight: 44,
} as const;

export function layoutMap(input: MapInput): MapLayout {
  const compact = input.children.length >= MAP.compactFrom;
  const narrow = input.width < MAP.narrow;
  const parentWidth = narrow ? MAP.narrowParentWidth : MAP.parentWidth;
  const leastWidth = compact || narrow ? MAP.compactWidth : MAP.childWidth;
  const left = input.parent ? parentWidth + MAP.gutter : MAP.gutter;
  const room = Math.max(leastWidth, input.width - left);
  const fitting = Math.max(1, Math.floor((room + MAP.gap) / (leastWidth + MAP.gap)));
  const columns = Math.max(1, Math.min(fitting, input.children.length));
  const childWidth = Math.min(MAP.widestChild, (room - (columns - 1) * MAP.gap) / columns);
  const childHeight = compact ? MAP.compactHeight : MAP.childHeight;
  const rowHeight = childHeight + MAP.lanes;
  const rows = Math.max(1, Math.ceil(input.children.length / columns));
  const width = Math.max(input.width, left + columns * (childWidth + MAP.gap) - MAP.gap);
  const foot = input.parent ? MAP.foot : 0;
  const hypervisorY = rows * rowHeight + foot;
  const laneY = (row: number, lane: number) => row * rowHeight + childHeight + lane;

  const children = input.children.map((child, i): ChildBox => {
    const row = Math.floor(i / columns);
    const box: Box = {
      x: left + (i % columns) * (childWidth + MAP.gap),
      y: row * rowHeight,
      width: childWidth,
      height: childHeight,
    };
    return { ...box, name: child.name, ports: placePorts(child.ports, box, (lane) => laneY(row, lane)) };
  });

  const lastBusY = laneY(rows - 1, MAP.busLane);
  const trunkX = left - MAP.gutter + 14;
  const interceptX = left - MAP.gutter + 30;
  const bus = lanes(children, 'bus', trunkX);
  const intercepts = lanes(children, 'intercept', interceptX);
  const toParent = input.parent
    ? { x: parentWidth - 8, y: lastBusY } // ends at the providers inside the parent
    : { x: trunkX, y: hypervisorY };
  if (bus.length > 0) bus.push(...trunk(bus, trunkX, toParent));
  if (intercepts.length > 0) intercepts.push(...trunk(intercepts, interceptX, { x: interceptX, y: hypervisorY }));

  const parentBottom = hypervisorY - MAP.gap;
  return {
    width,
    height: hypervisorY + MAP.hypervisorHeight,
    parent: input.parent ? { x: 0, y: 0, width: parentWidth, height: parentBottom } : null,
    children,
    hypervisor: { x: 0, y: hypervisorY, width, height: MAP.hypervisorHeight },
    bus,
    intercepts,
    drivers: input.parent ? vertical(46, parentBottom, hypervisorY + MAP.hypervisorHeight) : null,
    emulator:
      input.parent && intercepts.length > 0 ? vertical(Math.round(parentWidth * 0.7), hypervisorY, parentBottom) : null,
    providerY: lastBusY,
    busLabel: { x: left, y: lastBusY + 13 },
    interceptLabel: { x: left, y: laneY(rows - 1, MAP.interceptLane) + 12 },
  };
}

function placePorts(ports: Port[], child: Box, laneY: (lane: number) => number): PortPlace[] {
  const inset = 6;
  const gap = 3;
  const width = (child.width - 2 * inset - (ports.length - 1) * gap) / Math.max(1, ports.length);
  const y = child.y + child.height - MAP.portHeight - inset;
  return ports.map((port, i) => {
    const box: Box = { x: child.x + inset + i * (width + gap), y, width, height: MAP.portHeight };
    const lane = port.path === 'intercept' ? MAP.interceptLane : MAP.busLane;
    return { ...port, box, drop: vertical(box.x + width / 2, y + MAP.portHeight, laneY(lane)) };
  });
}

/** For each row: a line from the trunk to the rightmost drop. */
function lanes(children: ChildBox[], path: Port['path'], trunkX: number): Line[] {
  const rightmost = new Map<number, number>();
  for (const { drop } of children.flatMap((child) => child.ports).filter((port) => port.path === path)) {
    rightmost.set(drop.to.y, Math.max(drop.to.x, rightmost.get(drop.to.y) ?? 0));
  }
  return [...rightmost].map(([y, x]) => ({ from: { x: trunkX, y }, to: { x, y } }));
}

/** Joins the left ends of the lanes and leads on to `end`. */
function trunk(rows: Line[], x: number, end: Point): Line[] {
  const top = Math.min(...rows.map((line) => line.from.y));
  const lines: Line[] = [];
  if (top !== end.y) lines.push(vertical(x, top, end.y));
  if (x !== end.x) lines.push({ from: { x, y: end.y }, to: end });
  return lines;
}

function vertical(x: number, fromY: number, toY: number): Line {
  return { from: { x, y: fromY }, to: { x, y: toY } };
}
