// Pages handed over so far, as small pictures; a touch shows one large, to check it or to take it away.
// The picture is drawn on a canvas and emptied when it leaves: no address to it is left behind in the page.

import { ImageOff, Images, Trash2 } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { Button as PlainButton } from 'react-aria-components';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { Dialog } from '../../ui/components/dialog.tsx';
import { Pager } from '../../ui/components/pager.tsx';
import { useT } from '../../ui/i18n/i18n.ts';
import { play } from '../../ui/sound.ts';
import styles from './held-pages.module.css';
import { forget } from './picture.ts';
import type { StageProps } from './stage.ts';

/** Small pictures in a row, and rows at once. */
const inRow = {
  portrait: { standard: 6, elder: 4 },
  landscape: { standard: 4, elder: 3 },
} as const;
const rowsAtOnce = { standard: 2, elder: 1 } as const;

export type HeldPagesProps = Pick<StageProps, 'state' | 'view'> & {
  /** One line with a button; the small pictures open over the page. */
  isCompact?: boolean | undefined;
};

export const HeldPages = ({ state, view, isCompact = false }: HeldPagesProps) => {
  const host = useHost();
  const t = useT();
  const { pages, material } = state;
  /** The row that was asked for; a page that comes or goes shows the newest again. */
  const [asked, setAsked] = useState<{ row: number; pages: number }>();
  const [openId, setOpenId] = useState<string>();
  const columns = inRow[view.panel.orientation][view.mode];
  const size = columns * (view.panel.orientation === 'portrait' ? rowsAtOnce[view.mode] : 1);
  const rows = Math.ceil(pages.length / size);
  const row = Math.max(0, Math.min(asked?.pages === pages.length ? asked.row : rows - 1, rows - 1));
  const openIndex = pages.findIndex(({ id }) => id === openId);
  const [isListOpen, setIsListOpen] = useState(false);

  const pictures = (
    <>
      {pages.length > 0 && (
        <ul className={styles['row']} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
          {pages.slice(row * size, (row + 1) * size).map((page, index) => {
            const number = row * size + index + 1;
            return (
              <li key={page.id}>
                <PlainButton
                  className={styles['page'] ?? ''}
                  aria-label={t('materials.page', { number })}
                  onPressStart={() => play('touch')}
                  onPress={() => setOpenId(page.id)}
                >
                  <PagePicture pageId={page.id} longPx={320} />
                  <span>{number}</span>
                </PlainButton>
              </li>
            );
          })}
        </ul>
      )}
      <Pager page={row} pages={rows} onPage={(next) => setAsked({ row: next, pages: pages.length })} />
    </>
  );

  return (
    <section className={styles['held']} aria-label={t('materials.pages')}>
      <p className={styles['count']}>
        {t('materials.pagesHeld', { count: pages.length })}
        <span>
          {pages.length < material.pages.min
            ? t('materials.pagesLeast', { count: material.pages.min })
            : pages.length >= material.pages.max
              ? t('materials.pagesFull', { count: material.pages.max })
              : t('materials.pagesMost', { count: material.pages.max })}
        </span>
      </p>
      {isCompact ? (
        <Button icon={<Images aria-hidden="true" />} onPress={() => setIsListOpen(true)}>
          {t('materials.look')}
        </Button>
      ) : (
        pictures
      )}
      <Dialog
        isOpen={isListOpen && pages.length > 0}
        title={t('materials.pages')}
        onClose={() => setIsListOpen(false)}
        actions={
          <Button size="primary" onPress={() => setIsListOpen(false)}>
            {t('action.close')}
          </Button>
        }
      >
        {pictures}
      </Dialog>
      <Dialog
        isOpen={openIndex >= 0}
        title={t('materials.page', { number: openIndex + 1 })}
        onClose={() => setOpenId(undefined)}
        actions={
          <>
            <Button
              size="primary"
              kind="danger"
              icon={<Trash2 aria-hidden="true" />}
              onPress={() => {
                if (openId !== undefined) void host.send({ type: 'removePage', pageId: openId });
                setOpenId(undefined);
              }}
            >
              {t('materials.remove')}
            </Button>
            <Button size="primary" kind="primary" onPress={() => setOpenId(undefined)}>
              {t('materials.keep')}
            </Button>
          </>
        }
      >
        <div className={styles['large']}>{openId !== undefined && <PagePicture pageId={openId} longPx={1600} />}</div>
      </Dialog>
    </section>
  );
};

/** @param longPx longest side that is kept in memory. */
const PagePicture = ({ pageId, longPx }: { pageId: string; longPx: number }) => {
  const { client } = useHost();
  const t = useT();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');

  useLayoutEffect(() => {
    const element = canvas.current;
    let isGone = false;
    const load = async (): Promise<void> => {
      const bitmap = await createImageBitmap(await client.materials.page({ pageId }));
      try {
        if (isGone || element === null) return;
        const scale = Math.min(1, longPx / Math.max(bitmap.width, bitmap.height));
        element.width = Math.round(bitmap.width * scale);
        element.height = Math.round(bitmap.height * scale);
        element.getContext('2d')?.drawImage(bitmap, 0, 0, element.width, element.height);
        setState('shown');
      } finally {
        bitmap.close();
      }
    };
    load().catch(() => {
      if (!isGone) setState('failed');
    });
    return () => {
      isGone = true;
      if (element !== null) forget(element);
    };
  }, [client, pageId, longPx]);

  return (
    <span className={styles['picture']} data-state={state}>
      {state === 'failed' && (
        <span className={styles['failed']}>
          <ImageOff aria-hidden="true" />
          {t('materials.pictureFailed')}
        </span>
      )}
      <canvas ref={canvas} />
    </span>
  );
};
