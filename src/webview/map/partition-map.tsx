import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { HostPicture } from '../../protocol/protocol.js';
import type { Connection } from '../connection.js';
import { formatPercent, formatRate } from '../format.js';
import { type Partition, partitionsOf, snapshotOf } from '../partitions.js';
import { latest, selected, shown } from '../store.js';
import { ARCHITECTURES } from './architecture.js';
import { Hardware } from './hardware.js';
import { layoutMap, MAP } from './layout.js';
import { MapLines } from './map-lines.js';
import { type BoxProps, ChildBox, HostBand, ParentBox } from './partition-boxes.js';
import { portsOf } from './ports.js';
import { handlePartitionKey } from './roving.js';

/** The host as everyone draws it: hardware, hypervisor, the parent with its drivers, the children beside it. */
export function PartitionMap({ picture, connection }: { picture: HostPicture; connection: Connection | null }) {
  const { model } = picture;
  const words = ARCHITECTURES[model.hypervisor.architecture];
  const stage = useRef<HTMLDivElement>(null);
  const width = useWidth(stage);
  const beside = model.parent !== null && words.parent === 'beside';
  const layout = useMemo(
    () =>
      layoutMap({
        width,
        parent: beside,
        children: model.children.map((child) => ({ name: child.name, ports: portsOf(child, words) })),
      }),
    [model, words, width, beside],
  );
  const partitions = useMemo(() => partitionsOf(picture), [picture]);
  const now = shown.value;
  const live = latest.value;
  const compact = model.children.length >= MAP.compactFrom;
  const hypervisorPercent = average(now?.logicalProcessors.map((lp) => lp.hypervisorPercent) ?? []);

  const propsOf = (partition: Partition): BoxProps => ({
    partition,
    state: snapshotOf(partition, live)?.state ?? 'off',
    numbers: snapshotOf(partition, now),
    selected: selected.value === partition.name,
    tabbable: partition.name === (selected.value ?? partitions[0]?.name),
    reveal: connection && (() => connection.send({ type: 'reveal', name: partition.name })),
  });
  const boxes = partitions.map((partition) => {
    const place = layout.children.find((child) => partition.role === 'child' && child.name === partition.name);
    const common = propsOf(partition);
    if (place) return <ChildBox key={partition.name} {...common} place={place} compact={compact} />;
    if (layout.parent)
      return <ParentBox key="parent" {...common} place={layout.parent} layout={layout} words={words} />;
    return null;
  });
  const below = partitions.find((partition) => partition.role === 'parent' && !layout.parent);

  return (
    <section class="map" aria-labelledby="map-title">
      <h2 id="map-title">Partitions</h2>
      <div class="map-scroll">
        <div class="stage" ref={stage} style={{ height: `${layout.height}px` }}>
          <div
            class="band hypervisor"
            style={{
              top: `${layout.hypervisor.y}px`,
              width: `${layout.hypervisor.width}px`,
              height: `${layout.hypervisor.height}px`,
            }}
          >
            <strong>{words.product(model.hypervisor)}</strong>
            <span>{words.layer}</span>
            {model.hypervisor.scheduler && <span>{model.hypervisor.scheduler} scheduler</span>}
            {live && <span class="number">{formatPercent(hypervisorPercent)} of the processors</span>}
          </div>
          <MapLines
            layout={layout}
            channels={now?.channels ?? []}
            busName={words.bus}
            partitions={now?.partitions ?? []}
            moves={now === live}
          />
          <div
            role="listbox"
            aria-label="Partitions"
            aria-describedby="map-help"
            onKeyDown={(event) => handlePartitionKey(event, partitions)}
          >
            {boxes}
            {below && (
              <HostBand
                {...propsOf(below)}
                words={words}
                top={layout.hypervisor.y + MAP.hypervisorHeight}
                width={layout.width}
              />
            )}
          </div>
        </div>
        <Hardware hardware={model.hardware} snapshot={now} spaced={below !== undefined} />
      </div>
      <p id="map-help" class="visually-hidden">
        Arrow keys move between partitions, Enter selects one everywhere, Escape selects none.{' '}
        {now?.channels.map((c) => `${c.child} ${c.device} ${formatRate(c.packetsPerSecond)} packets`).join(', ')}
      </p>
    </section>
  );
}

function average(values: number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function useWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(960);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
