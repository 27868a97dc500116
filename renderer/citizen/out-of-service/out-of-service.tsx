// The machine cannot take anything: said early and plainly, with where else to go.

import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Page } from '../../ui/components/page.tsx';
import { useT } from '../../ui/i18n/i18n.ts';
import { Picture } from '../../ui/pictures/picture.tsx';
import type { ScreenProps } from '../screen-props.ts';
import styles from './out-of-service.module.css';

export const OutOfServiceScreen = ({ view, screen }: ScreenProps<'outOfService'>) => {
  const t = useT();
  return (
    <Page view={view} isBare headline={<span />}>
      <div className={styles['body']}>
        <Picture name="machine" sizeMm={90} />
        <h1 className={styles['title']}>{t('out.title')}</h1>
        <p className={styles['other']}>{t('out.otherWay')}</p>
        <FaultNotice fault={screen.fault} />
      </div>
    </Page>
  );
};
