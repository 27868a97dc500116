// What would you like to do? Reasons, not departments: four to six tiles, search, what most people want, a number for a window.
// The same screen holds the open list (a reason or a search) and the search itself.

import { Search } from 'lucide-react';
import { startTransition, useState } from 'react';
import { Button } from 'react-aria-components';
import { useHost } from '../../connection.ts';
import { Page } from '../../ui/components/page.tsx';
import { Pager } from '../../ui/components/pager.tsx';
import { Rows } from '../../ui/components/rows.tsx';
import { Tile } from '../../ui/components/tile.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import { play } from '../../ui/sound.ts';
import type { ScreenProps } from '../screen-props.ts';
import styles from './home.module.css';
import { ItemList } from './item-list.tsx';
import { ItemRow } from './item-row.tsx';
import { SearchPage } from './search-page.tsx';

/** Reasons that fit on one screen without a wall of tiles. */
const mostScenes = 6;
const mostPopular = { standard: 4, elder: 2 } as const;

export const HomeScreen = ({ view, screen }: ScreenProps<'home'>) => {
  const t = useT();
  const text = useText();
  const host = useHost();
  const [isSearching, setSearching] = useState(false);
  // The key's pressed look comes first: the page with its keyboard takes longer to put together.
  const search = (): void => startTransition(() => setSearching(true));
  const [scenePage, setScenePage] = useState(0);
  if (isSearching)
    return (
      <SearchPage
        view={view}
        query={screen.list?.query ?? ''}
        items={screen.list?.items ?? []}
        popular={screen.popular}
        onClose={() => setSearching(false)}
      />
    );
  if (screen.list !== undefined) return <ItemList view={view} list={screen.list} onSearch={search} />;
  return (
    <Page view={view} title={t('home.title')}>
      <Button
        className={styles['search'] ?? ''}
        aria-label={t('action.search')}
        onPressStart={() => play('touch')}
        onPress={search}
      >
        <Search aria-hidden="true" />
        <span>{t('home.search')}</span>
      </Button>
      <div className={styles['body']}>
        <ul className={styles['scenes']} aria-label={t('home.title')}>
          {screen.scenes.slice(scenePage * mostScenes, (scenePage + 1) * mostScenes).map((scene) => (
            <li key={scene.id}>
              <Tile
                picture={scene.picture}
                title={text(scene.name)}
                detail={t('home.count', { count: scene.count })}
                onPress={() => void host.send({ type: 'openScene', sceneId: scene.id })}
              />
            </li>
          ))}
        </ul>
        <Pager page={scenePage} pages={Math.ceil(screen.scenes.length / mostScenes)} onPage={setScenePage} />
        <div className={styles['side']}>
          {screen.popular.length > 0 && (
            <section className={styles['popular']}>
              <h2>{t('home.popular')}</h2>
              <Rows label={t('home.popular')}>
                {screen.popular.slice(0, mostPopular[view.mode]).map((item) => (
                  <ItemRow key={item.code} item={item} isBrief />
                ))}
              </Rows>
            </section>
          )}
          <div className={styles['queue']}>
            <Tile
              picture="queue"
              pictureMm={20}
              direction="row"
              tone="accent"
              title={t('home.queue')}
              detail={t('home.queueDetail')}
              why={screen.queueAvailable ? undefined : t('home.queueOff')}
              onPress={() => void host.send({ type: 'openQueue' })}
            />
            {screen.pickUp !== undefined && (
              <Tile
                picture="locker"
                pictureMm={20}
                direction="row"
                tone="accent"
                title={t(screen.pickUp.deposits ? 'home.locker' : 'home.pickUp')}
                detail={t(screen.pickUp.deposits ? 'home.lockerDetail' : 'home.pickUpDetail')}
                why={
                  screen.pickUp.available
                    ? undefined
                    : screen.pickUp.why === undefined
                      ? t('home.pickUpOff')
                      : text(screen.pickUp.why)
                }
                onPress={() => void host.send({ type: 'openToken', purpose: 'pickUp' })}
              />
            )}
          </div>
        </div>
      </div>
    </Page>
  );
};
