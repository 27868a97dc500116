// One service in a list: how people say it, who handles it, and why not where it cannot be done now.

import type { ItemCard } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { Row } from '../../ui/components/rows.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import styles from './item-row.module.css';

export type ItemRowProps = { item: ItemCard; /** Without the second line. */ isBrief?: boolean };

export const ItemRow = ({ item, isBrief = false }: ItemRowProps) => {
  const t = useT();
  const text = useText();
  const host = useHost();
  return (
    <Row
      title={text(item.name)}
      detail={
        item.unavailable !== undefined ? (
          <span className={styles['unavailable']}>{text(item.unavailable)}</span>
        ) : isBrief ? undefined : (
          text(item.department)
        )
      }
      picture={item.picture}
      end={item.isBundle ? <span className={styles['bundle']}>{t('home.bundle')}</span> : undefined}
      // It stays open for reading: the guide says what is missing and what else there is.
      onPress={() => void host.send({ type: 'openItem', code: item.code })}
    />
  );
};
