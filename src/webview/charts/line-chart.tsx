import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { formatTick } from '../format.js';
import { themeVersion } from '../store.js';
import { themeColor } from '../theme.js';
import { TIME_STEPS_S } from '../time-steps.js';

export interface Series {
  label: string;
  /** Name of a colour of the style sheet. */
  color: string;
  dash: number[];
  /** Drawn beside another line of the same label, thin. */
  thin?: true;
  /** Null where there is no value. */
  values: (number | null)[];
}

interface Props {
  title: string;
  /** One sentence for those who do not see the lines. */
  summary: string;
  seconds: number[];
  series: Series[];
  /** The label drawn strong; the others step back. */
  strong: string | null;
  format: (value: number) => string;
  /** Ticks at powers of two, for bytes. */
  binary: boolean;
}

const HEIGHT = 168;
const SECONDS = [...TIME_STEPS_S];
const POWERS_OF_TWO = Array.from({ length: 50 }, (_, i) => 2 ** i);

/** Lines over virtual time. The chart is built again only when its lines or colours change; data flows in between. */
export function LineChart({ title, summary, seconds, series, strong, format, binary }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data: uPlot.AlignedData = [seconds, ...series.map((line) => line.values)];
  const shape = series.map((line) => line.label).join('\n');
  const theme = themeVersion.value;

  // The data is left out of the dependencies on purpose: the effect below passes it on.
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const chart = new uPlot(chartOptions(element.clientWidth, series, strong, format, binary), data, element);
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [shape, strong, theme, format, binary]);

  useEffect(() => plot.current?.setData(data));

  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div ref={host} role="img" aria-label={`${title}. ${summary}`} />
    </figure>
  );
}

function widthOf({ label, thin }: Series, strong: string | null): number {
  if (thin) return 1;
  return label === strong ? 2.5 : 1.5;
}

function chartOptions(
  width: number,
  series: Series[],
  strong: string | null,
  format: (value: number) => string,
  binary: boolean,
): uPlot.Options {
  const axis = {
    stroke: themeColor('--fg-muted'),
    grid: { stroke: themeColor('--grid'), width: 1 },
    ticks: { show: false },
    font: `11px ${themeColor('--font') || 'sans-serif'}`,
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    padding: [8, 18, 0, 0],
    scales: { x: { time: false }, y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      { ...axis, size: 24, incrs: SECONDS, values: (_, ticks) => ticks.map((tick) => formatTick(tick * 1e9)) },
      {
        ...axis,
        size: 58,
        gap: 6,
        ...(binary && { incrs: POWERS_OF_TWO }),
        values: (_, ticks) => ticks.map((tick) => format(tick)),
      },
    ],
    series: [
      {},
      ...series.map((line) => ({
        label: line.label,
        stroke: themeColor(line.color),
        dash: line.dash,
        width: widthOf(line, strong),
        alpha: strong === null || line.label === strong ? 1 : 0.35,
        points: { show: false },
      })),
    ],
  };
}
