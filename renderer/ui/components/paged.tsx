// A list that never scrolls: it measures its rows in the room it has and pages what does not fit.

import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { pageBreaks } from './page-breaks.ts';
import styles from './paged.module.css';
import { Pager } from './pager.tsx';
import { Rows } from './rows.tsx';

export type PagedProps = {
  label: string;
  items: { key: string; node: ReactNode }[];
  /** Rows on a page at most. */
  most?: { standard: number; elder: number };
  /** Pages that the host makes; they and the pages made here turn with one pager. */
  outer?: { page: number; pages: number; onPage: (page: number) => void };
};

const usual = { standard: 7, elder: 4 } as const;

export const Paged = ({ label, items, most = usual, outer }: PagedProps) => {
  const roomRef = useRef<HTMLDivElement>(null);
  const ruler = useRef<HTMLDivElement>(null);
  const pagerRuler = useRef<HTMLDivElement>(null);
  const [starts, setStarts] = useState<number[]>([0]);
  const [asked, setAsked] = useState(0);

  const hasOuterPages = outer !== undefined && outer.pages > 1;

  useLayoutEffect(() => {
    const roomElement = roomRef.current;
    const list = ruler.current?.firstElementChild;
    if (roomElement === null || list === null || list === undefined) return undefined;
    const measure = (): void => {
      const heights = [...list.children].map((child) => child.getBoundingClientRect().height);
      const gap = Number.parseFloat(getComputedStyle(list).rowGap) || 0;
      const pagerRoom = (pagerRuler.current?.getBoundingClientRect().height ?? 0) + gap;
      const limit = document.documentElement.dataset['mode'] === 'elder' ? most.elder : most.standard;
      const room = roomElement.clientHeight - (hasOuterPages ? pagerRoom : 0);
      const next = pageBreaks(heights, gap, room, hasOuterPages ? 0 : pagerRoom, limit);
      setStarts((now) =>
        now.length === next.length && now.every((start, index) => start === next[index]) ? now : next,
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(roomElement);
    observer.observe(list);
    return () => observer.disconnect();
    // Other rows are measured anew.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [items, most.elder, most.standard, hasOuterPages]);

  const page = Math.min(asked, starts.length - 1);
  const before = outer?.page ?? 0;
  const after = outer === undefined ? 0 : outer.pages - outer.page - 1;
  const turn = (to: number): void => {
    const here = to - before;
    if (here >= 0 && here < starts.length) return setAsked(here);
    // Backwards one comes to the last part of the page before.
    setAsked(here < 0 ? Number.MAX_SAFE_INTEGER : 0);
    outer?.onPage(outer.page + (here < 0 ? -1 : 1));
  };
  const shown = items.slice(starts[page], starts[page + 1]);
  return (
    <div className={styles['room']} ref={roomRef}>
      <div className={styles['shown']} style={{ ['--rows' as string]: shown.length }}>
        <Rows label={label}>{shown.map((item) => item.node)}</Rows>
      </div>
      <Pager page={before + page} pages={before + starts.length + after} onPage={turn} />
      <div className={styles['ruler']} ref={ruler} aria-hidden="true" inert>
        <Rows label={label}>{items.map((item) => item.node)}</Rows>
        <div ref={pagerRuler}>
          <Pager page={0} pages={2} onPage={setAsked} />
        </div>
      </div>
    </div>
  );
};
