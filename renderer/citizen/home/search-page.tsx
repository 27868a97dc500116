// Searching: what is typed above, the keyboard below, and between them what fits so far, found while typing.

import { ArrowLeft, Search } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ItemCard, View } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { Notice } from '../../ui/components/notice.tsx';
import { Page } from '../../ui/components/page.tsx';
import { Rows } from '../../ui/components/rows.tsx';
import { useT } from '../../ui/i18n/i18n.ts';
import { Keyboard } from '../../ui/keyboard/keyboard.tsx';
import { useKeyboardField } from '../../ui/keyboard/use-keyboard-field.ts';
import { play } from '../../ui/sound.ts';
import { ItemRow } from './item-row.tsx';
import styles from './search-page.module.css';

/** After the last key the host is asked; a word of pinyin takes about this long. */
export const searchAfterMs = 200;
const longestQuery = 60;

export type SearchPageProps = {
  view: View;
  query: string;
  items: readonly ItemCard[];
  /** Shown until something is typed. */
  popular: readonly ItemCard[];
  onClose: () => void;
};

/** Rows beside the keyboard; the rest comes with the results. */
const mostShown = { portrait: { standard: 5, elder: 3 }, landscape: { standard: 4, elder: 2 } } as const;

export const SearchPage = ({ view, query, items, popular, onClose }: SearchPageProps) => {
  const t = useT();
  const host = useHost();
  const [typed, setTyped] = useState(query);
  const [asked, setAsked] = useState(query);
  const change = useCallback((value: string) => setTyped(value.slice(0, longestQuery)), []);
  const keyboard = useKeyboardField(typed, change, { mostCharacters: longestQuery });
  const box = useRef<HTMLInputElement>(null);
  const wanted = typed.trim();

  useEffect(() => {
    if (wanted === asked) return undefined;
    const timer = setTimeout(() => {
      setAsked(wanted);
      void host.send({ type: 'search', query: wanted });
    }, searchAfterMs);
    return () => clearTimeout(timer);
  }, [wanted, asked, host]);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    if (document.activeElement !== element) element.focus({ preventScroll: true });
    if (element.selectionStart === element.selectionEnd) element.setSelectionRange(keyboard.caret, keyboard.caret);
    // What was typed moves the caret, too: it is put where the keyboard says after every change.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [keyboard.caret, typed]);

  const close = (): void => {
    // An open result stays behind the search; without one, home comes back.
    if (query !== '' || asked !== '') void host.send({ type: 'back' });
    onClose();
  };
  const show = (): void => {
    if (wanted === '') return close();
    if (wanted !== asked) void host.send({ type: 'search', query: wanted });
    onClose();
  };
  const isAnswered = asked !== '' && asked === query;
  const { orientation } = view.panel;
  const shown = (isAnswered ? items : wanted === '' ? popular : []).slice(0, mostShown[orientation][view.mode]);
  // A low glass has room for the keyboard and a few rows only: the keyboard's own key shows the results.
  const isLow = orientation === 'landscape';
  const back = { label: t('action.back'), onPress: close };

  return (
    <Page
      view={view}
      isBare
      headline={
        <div className={styles['head']}>
          <h1 className="visually-hidden">{t('home.searchTitle')}</h1>
          {isLow && (
            <Button size="primary" icon={<ArrowLeft aria-hidden="true" />} onPress={close}>
              {back.label}
            </Button>
          )}
          <label className={styles['box']}>
            <Search aria-hidden="true" />
            <input
              ref={box}
              type="text"
              inputMode="none"
              autoComplete="off"
              spellCheck={false}
              maxLength={longestQuery}
              aria-label={t('home.searchField')}
              placeholder={t('home.search')}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                keyboard.setCaret(event.target.selectionStart ?? event.target.value.length);
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter') show();
              }}
            />
          </label>
        </div>
      }
      {...(isLow ? {} : { back, primary: { label: t('home.results'), onPress: show, isDisabled: wanted === '' } })}
    >
      <div className={styles['found']}>
        {isAnswered && items.length === 0 && (
          <Notice tone="info" title={t('home.nothing')} isLive>
            {t('home.nothingDetail')}
          </Notice>
        )}
        {shown.length > 0 && (
          <>
            {!isAnswered && <h2>{t('home.popular')}</h2>}
            <Rows label={isAnswered ? t('home.searchTitle') : t('home.popular')}>
              {shown.map((item) => (
                <ItemRow key={item.code} item={item} isBrief />
              ))}
            </Rows>
          </>
        )}
      </div>
      <div className={styles['keyboard']}>
        <Keyboard
          layout={view.language === 'zh' ? 'pinyin' : 'latin'}
          mode={view.mode}
          language={view.language}
          {...keyboard.keys}
          onEnter={show}
          enterLabel={t('action.search')}
          onKey={() => play('touch')}
        />
      </div>
    </Page>
  );
};
