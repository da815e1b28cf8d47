import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { DEVICE_FIGURES } from './device-figures.js';
import { DISK_FIGURES } from './disk-figures.js';
import { isMet } from './figure.js';
import { MIGRATION_FIGURES } from './migration-figures.js';
import { PROCESSOR_FIGURES } from './processor-figures.js';
import { type MeasuredFigure, publishedFiguresPage } from './table.js';

const PAGE = 'docs/published-figures.md';

describe('published figures', () => {
  let figures: MeasuredFigure[];

  before(() => {
    figures = [...PROCESSOR_FIGURES, ...DEVICE_FIGURES, ...DISK_FIGURES, ...MIGRATION_FIGURES].map((figure) => ({
      ...figure,
      seen: figure.measure(),
    }));
  });

  it('are what the page says', () => {
    const page = publishedFiguresPage(figures);
    if (process.env['UPDATE_GOLDEN']) writeFileSync(PAGE, page);
    assert.equal(page, readFileSync(PAGE, 'utf8'));
  });

  it('are met where they are defined or calibrated', () => {
    const missed = figures.filter((figure) => figure.role !== 'predicted' && !isMet(figure));
    assert.deepEqual(
      missed.map(({ title, seen }) => `${title}: ${seen}`),
      [],
    );
  });

  it('have a remark where they are not met', () => {
    for (const figure of figures) if (!isMet(figure)) assert.ok(figure.remark, figure.title);
  });
});
