import { useEffect, useRef } from 'preact/hooks';
import type { Device, DeviceTree } from '../model/devices.js';
import type { HostPicture } from '../protocol/protocol.js';
import { Icon } from './icons.js';
import { partitionsOf } from './partitions.js';
import { selected } from './store.js';

/** The Device Manager of every partition, beside each other: the same category at a glance, a different nature. */
export function DeviceManagers({ picture }: { picture: HostPicture }) {
  const partitions = partitionsOf(picture);
  return (
    <section aria-labelledby="devices-title">
      <h2 id="devices-title">Device Managers</h2>
      <div class="device-managers">
        {picture.deviceTrees.map((tree) => {
          const partition = partitions.find((p) => p.name === tree.partition);
          return <DeviceManager key={tree.partition} tree={tree} subtitle={partition?.operatingSystem ?? ''} />;
        })}
      </div>
    </section>
  );
}

function DeviceManager({ tree, subtitle }: { tree: DeviceTree; subtitle: string }) {
  const element = useRef<HTMLElement>(null);
  const isSelected = selected.value === tree.partition;
  useEffect(() => {
    const card = element.current;
    const row = card?.parentElement;
    // Only sideways: scrollIntoView would take the page away from where the reader selected.
    if (isSelected && card && row) row.scrollLeft = card.offsetLeft - row.offsetLeft;
  }, [isSelected]);
  return (
    <article ref={element} class={`device-manager ${isSelected ? 'selected' : ''}`}>
      <h3>{tree.partition}</h3>
      <p class="os">{subtitle}</p>
      {tree.categories.map((category) => (
        <details key={category.title} open>
          <summary>
            {category.title} <span class="count">{category.devices.length}</span>
          </summary>
          <ul>
            {grouped(category.devices).map(({ device, count }) => (
              <li key={`${device.title}${device.nature}`} class={device.nature}>
                <Icon name={device.nature} />
                <span>
                  {count > 1 && `${count} × `}
                  {device.title}
                  <span class="nature">
                    {device.nature}
                    {device.detail && `, ${device.detail}`}
                    {device.assumed && ', name assumed'}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </article>
  );
}

/** Sixty-four equal processors are one line. */
function grouped(devices: Device[]): { device: Device; count: number }[] {
  const groups = new Map<string, { device: Device; count: number }>();
  for (const device of devices) {
    const key = `${device.nature} ${device.title}`;
    const group = groups.get(key);
    if (group) group.count++;
    else groups.set(key, { device, count: 1 });
  }
  return [...groups.values()];
}
