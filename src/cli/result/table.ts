/** A column of a table: its title and what stands in it for each row. */
export interface Column<Row> {
  title: string;
  align: 'left' | 'right';
  cell: (row: Row) => string;
}

/** A column of words. */
export function words<Row>(title: string, cell: (row: Row) => string): Column<Row> {
  return { title, align: 'left', cell };
}

/** A column of figures. */
export function figures<Row>(title: string, cell: (row: Row) => string): Column<Row> {
  return { title, align: 'right', cell };
}

/** A table in plain text: two blanks between columns, a rule below the titles. Nothing where there are no rows. */
export function textTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)));
  const [titles, ...cells] = lines.map((line) =>
    line
      .map((cell, index) =>
        columns[index]!.align === 'right' ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!),
      )
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [titles, rule, ...cells].join('\n');
}
