import type { ComponentChildren } from 'preact';
import type { PartitionSnapshot, PartitionState } from '../../protocol/snapshot.js';
import { formatBytes, formatCount, formatPercent } from '../format.js';
import { KIND_WORDS, type Partition, STATE_WORDS } from '../partitions.js';
import { toggleSelected } from '../store.js';
import type { ArchitectureWords } from './architecture.js';
import type { Box, ChildBox as ChildPlace, MapLayout } from './layout.js';

export interface BoxProps {
  partition: Partition;
  state: PartitionState;
  numbers: PartitionSnapshot | null;
  selected: boolean;
  /** The one box that the Tab key reaches; arrows reach the others. */
  tabbable: boolean;
  /** Null in a report. */
  reveal: (() => void) | null;
}

export function ChildBox(props: BoxProps & { place: ChildPlace; compact: boolean }) {
  const { partition, place, compact, numbers, state } = props;
  return (
    <PartitionBox {...props} style={rect(place)} kind="child">
      <Title partition={partition} state={state} reason={numbers?.reason} />
      <p class="os">
        {KIND_WORDS[partition.kind ?? 'enlightened']}, {partition.operatingSystem}
      </p>
      <Meters numbers={numbers} />
      {!compact && numbers?.work && <p class="work">{formatCount(numbers.work.throughputPerSecond)} requests/s</p>}
      {place.ports.map((port) => (
        <span
          key={port.id}
          class={`port ${port.path}`}
          style={rect({ ...port.box, x: port.box.x - place.x, y: port.box.y - place.y })}
        >
          {port.label}
        </span>
      ))}
    </PartitionBox>
  );
}

export function ParentBox(props: BoxProps & { place: Box; layout: MapLayout; words: ArchitectureWords }) {
  const { partition, place, layout, words, numbers, state } = props;
  const row = (y: number) => ({ top: `${y - place.y - 12}px` });
  return (
    <PartitionBox {...props} style={rect(place)} kind="parent">
      <Title partition={partition} state={state} reason={numbers?.reason} title={words.parentTitle} />
      <p class="os">{partition.operatingSystem}</p>
      <Meters numbers={numbers} />
      <div class="parent-row providers" style={row(layout.providerY)}>
        <span class="port bus">{words.provider} disk</span>
        <span class="port bus">{words.provider} net</span>
      </div>
      <div class="parent-row feet" style={{ top: `${place.height - 30}px` }}>
        <span class="port driver">drivers</span>
        <span class={`port ${layout.emulator ? 'intercept' : 'none'}`}>{words.emulator}</span>
      </div>
    </PartitionBox>
  );
}

/** A privileged system that carries the hypervisor instead of standing beside the children. */
export function HostBand(props: BoxProps & { words: ArchitectureWords; top: number; width: number }) {
  const { partition, words, top, width, numbers, state } = props;
  return (
    <PartitionBox {...props} style={{ top: `${top}px`, left: '0', width: `${width}px` }} kind="parent host-band">
      <Title partition={partition} state={state} reason={numbers?.reason} title={words.parentTitle} />
      <p class="os">{partition.operatingSystem}, with the drivers</p>
      <Meters numbers={numbers} />
    </PartitionBox>
  );
}

function PartitionBox(props: BoxProps & { style: Record<string, string>; kind: string; children: ComponentChildren }) {
  const { partition, selected, tabbable, reveal } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around the boxes handles the keys of all of them
    <div
      class={`partition ${props.kind} state-${props.state}`}
      style={{ ...props.style, '--own': `var(${partition.color})` }}
      role="option"
      aria-selected={selected}
      tabIndex={tabbable ? 0 : -1}
      data-partition={partition.name}
      onClick={() => toggleSelected(partition.name)}
      onDblClick={() => reveal?.()}
    >
      {props.children}
    </div>
  );
}

function Title(props: { partition: Partition; state: PartitionState; reason?: string; title?: string }) {
  const { partition, state, reason } = props;
  return (
    <div class="title">
      <strong title={partition.name}>{props.title || partition.name}</strong>
      <span class={`state ${state}`} title={reason ?? STATE_WORDS[state]}>
        {STATE_WORDS[state]}
      </span>
    </div>
  );
}

function Meters({ numbers }: { numbers: PartitionSnapshot | null }) {
  const memory = numbers?.memory ?? { assignedBytes: 0, demandBytes: 0 };
  const pressure = memory.assignedBytes > 0 ? (100 * memory.demandBytes) / memory.assignedBytes : 0;
  return (
    <div class="meters">
      <Meter label="CPU" percent={numbers?.vpPercent ?? 0} text={numbers ? formatPercent(numbers.vpPercent) : '–'} />
      <Meter label="Mem" percent={pressure} text={memory.assignedBytes > 0 ? formatBytes(memory.assignedBytes) : '–'} />
    </div>
  );
}

function Meter({ label, percent, text }: { label: string; percent: number; text: string }) {
  return (
    <div class="meter">
      <span>{label}</span>
      <span class="track">
        <span class="fill" style={{ width: `${Math.min(100, percent)}%` }} />
      </span>
      <span class="number">{text}</span>
    </div>
  );
}

function rect(box: Box): Record<string, string> {
  return { left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` };
}
