// Rows of the form that fit, and no others: measured where they stand, the rest hidden until their page comes.
// A row is measured while it can be seen and its height remembered; a change of size, mode or language measures all again.

import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { pageBreaks } from '../../ui/components/page-breaks.ts';
import { windowAround } from './fit.ts';
import styles from './fitted-rows.module.css';

export type FittedRowsProps = {
  rows: { key: string; node: ReactNode }[];
  /** Side by side; the higher one of a pair counts. */
  columns: 1 | 2;
  /** Rows at once at most. */
  most: number;
  /** The page of rows to show; more than there are means the last. */
  page: number;
  /** Index of the row that must stay in sight while the keyboard takes its room. */
  active: number | undefined;
  /** Changes when all heights are void. */
  measureKey: string;
  onPages: (starts: readonly number[]) => void;
};

export const FittedRows = ({ rows, columns, most, page, active, measureKey, onPages }: FittedRowsProps) => {
  const room = useRef<HTMLDivElement>(null);
  const heights = useRef(new Map<string, number>());
  const [span, setSpan] = useState<readonly [number, number]>();
  const [measured, setMeasured] = useState('');
  const told = useRef('');
  const keys = rows.map((row) => row.key).join(' ');
  const isMeasured = measured === `${measureKey} ${keys} ${columns}`;

  useLayoutEffect(() => {
    const element = room.current;
    if (element === null) return undefined;
    const settle = (): void => {
      if (!isMeasured) heights.current.clear();
      for (const child of element.children)
        if (child instanceof HTMLElement && !child.hidden)
          heights.current.set(child.dataset['key'] ?? '', child.offsetHeight);
      const gap = Number.parseFloat(getComputedStyle(element).rowGap) || 0;
      const each = rows.map((row) => heights.current.get(row.key) ?? 0);
      const lines = Array.from({ length: Math.ceil(each.length / columns) }, (_, i) =>
        Math.max(...each.slice(i * columns, (i + 1) * columns)),
      );
      const starts = pageBreaks(lines, gap, element.clientHeight, 0, Math.ceil(most / columns)).map((i) => i * columns);
      const at = Math.min(page, starts.length - 1);
      const [from, to] =
        active === undefined
          ? [starts[at] ?? 0, starts[at + 1] ?? rows.length]
          : windowAround(each, active, element.clientHeight, gap);
      setSpan((now) => (now?.[0] === from && now[1] === to ? now : [from, to]));
      setMeasured(`${measureKey} ${keys} ${columns}`);
      // While typing the room is small for a moment only: the pages stay as they are.
      if (active === undefined && told.current !== starts.join()) {
        told.current = starts.join();
        onPages(starts);
      }
    };
    settle();
    const observer = new ResizeObserver(settle);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  });

  useEffect(() => () => heights.current.clear(), []);

  return (
    <div className={styles['rows']} data-columns={active === undefined ? columns : 1} ref={room}>
      {rows.map((row, index) => (
        <div
          key={row.key}
          data-key={row.key}
          hidden={isMeasured && span !== undefined && (index < span[0] || index >= span[1])}
        >
          {row.node}
        </div>
      ))}
    </div>
  );
};
