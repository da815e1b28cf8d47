import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ARCHITECTURES } from '../../src/webview/map/architecture.js';
import { type Box, layoutMap, MAP, type MapInput, type Port } from '../../src/webview/map/layout.js';
import { portsOf } from '../../src/webview/map/ports.js';
import { child, nic } from '../runtime/hosts.js';

const port = (path: Port['path'], id: string): Port => ({ id, label: id, path });
const enlightened = [port('bus', 'storage'), port('bus', 'network')];
const legacy = [port('intercept', 'storage'), port('intercept', 'network'), port('intercept', 'display')];

const inputs: fc.Arbitrary<MapInput> = fc.record({
  width: fc.integer({ min: 320, max: 2400 }),
  parent: fc.boolean(),
  children: fc
    .array(fc.constantFrom(enlightened, legacy, [port('none', 'adapter'), ...enlightened]), { maxLength: 64 })
    .map((kinds) => kinds.map((ports, i) => ({ name: `c${i}`, ports }))),
});

describe('the layout of the partition map', () => {
  it('lets no two boxes overlap', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { children, parent, hypervisor } = layoutMap(input);
        const boxes: Box[] = [...children, ...(parent ? [parent] : []), hypervisor];
        for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) assert.ok(!overlap(a, b));
      }),
    );
  });

  it('keeps everything inside the picture, and every port inside its child', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const layout = layoutMap(input);
        const picture = { x: 0, y: 0, width: layout.width, height: layout.height };
        for (const child of layout.children) {
          assert.ok(within(child, picture));
          for (const { box } of child.ports) assert.ok(within(box, child));
        }
      }),
    );
  });

  it('ends every drop on a lane of its path', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const layout = layoutMap(input);
        for (const { path, drop } of layout.children.flatMap((child) => child.ports)) {
          if (path === 'none') continue;
          const lanes = path === 'bus' ? layout.bus : layout.intercepts;
          assert.ok(
            lanes.some(({ from, to }) => from.y === drop.to.y && to.y === from.y && to.x >= drop.to.x),
            `${path} at ${drop.to.y}`,
          );
        }
      }),
    );
  });

  it('leads the bus to the providers of the parent', () => {
    const layout = layoutMap({ width: 1000, parent: true, children: [{ name: 'web', ports: enlightened }] });
    assert.deepEqual(layout.bus.at(-1)?.to, { x: MAP.parentWidth - 8, y: layout.providerY });
  });

  it('needs no sideways scrolling at 600 pixels with twenty children', () => {
    const children = Array.from({ length: 20 }, (_, i) => ({ name: `c${i}`, ports: enlightened }));
    const { width } = layoutMap({ width: 560, parent: true, children });
    assert.equal(width, 560);
  });

  it('stands without a parent and without children', () => {
    const layout = layoutMap({ width: 800, parent: false, children: [] });
    assert.equal(layout.parent, null);
    assert.deepEqual(layout.bus, []);
    assert.equal(layout.hypervisor.width, 800);
  });
});

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function within(inner: Box, outer: Box): boolean {
  const slack = 1e-6; // columns are fractions of the width
  return (
    inner.x >= outer.x - slack &&
    inner.y >= outer.y - slack &&
    inner.x + inner.width <= outer.x + outer.width + slack &&
    inner.y + inner.height <= outer.y + outer.height + slack
  );
}

describe('the ports of a child', () => {
  it('are told apart, also where it has adapters of both kinds', () => {
    const ids = portsOf(child('web', { nics: [nic('synthetic'), nic('legacy')] }), ARCHITECTURES['hyper-v']).map(
      ({ id }) => id,
    );
    assert.equal(new Set(ids).size, ids.length, ids.join(', '));
    assert.equal(ids.length, 2);
  });
});
