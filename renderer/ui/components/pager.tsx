// Pages instead of scrolling: 上一页 and 更多, with where one is between them.

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useT } from '../i18n/i18n.ts';
import { Button } from './button.tsx';
import styles from './pager.module.css';

export type PagerProps = {
  /** From 0. */
  page: number;
  pages: number;
  onPage: (page: number) => void;
};

export const Pager = ({ page, pages, onPage }: PagerProps) => {
  const t = useT();
  if (pages <= 1) return null;
  return (
    <nav className={styles['pager']} aria-label={t('pager.label')}>
      <Button icon={<ChevronLeft aria-hidden="true" />} isDisabled={page <= 0} onPress={() => onPage(page - 1)}>
        {t('pager.previous')}
      </Button>
      <span className={styles['position']}>{t('pager.position', { page: page + 1, pages })}</span>
      <Button
        iconEnd={<ChevronRight aria-hidden="true" />}
        isDisabled={page >= pages - 1}
        onPress={() => onPage(page + 1)}
      >
        {t('pager.more')}
      </Button>
    </nav>
  );
};
