// An open reason or the results of a search: rows that the host pages.

import { Search } from 'lucide-react';
import type { ScreenOf, View } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { Notice } from '../../ui/components/notice.tsx';
import { Page } from '../../ui/components/page.tsx';
import { Paged } from '../../ui/components/paged.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import { ItemRow } from './item-row.tsx';

export type ItemListProps = {
  view: View;
  list: NonNullable<ScreenOf<'home'>['list']>;
  onSearch: () => void;
};

export const ItemList = ({ view, list, onSearch }: ItemListProps) => {
  const t = useT();
  const text = useText();
  const host = useHost();
  const title =
    list.query === undefined || list.query === '' ? text(list.title) : `${text(list.title)} · ${list.query}`;
  return (
    <Page
      view={view}
      title={title}
      more={
        <Button size="primary" icon={<Search aria-hidden="true" />} onPress={onSearch}>
          {t('action.search')}
        </Button>
      }
    >
      {list.items.length === 0 ? (
        <Notice tone="info" title={t('home.nothing')} isLive>
          {t('home.nothingDetail')}
        </Notice>
      ) : (
        // The host sends as many as the mode allows; on a low panel fewer may fit, and the page breaks again.
        <Paged
          label={title}
          items={list.items.map((item) => ({ key: item.code, node: <ItemRow key={item.code} item={item} /> }))}
          outer={{
            page: list.page,
            pages: list.pages,
            onPage: (page) => void host.send({ type: 'showPage', page }),
          }}
        />
      )}
    </Page>
  );
};
