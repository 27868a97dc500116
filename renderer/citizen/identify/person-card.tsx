// What the card said, masked, for one look: is it you?

import type { ScreenOf } from '../../../main/contract/view.ts';
import { formatIdNumber } from '../../ui/format.ts';
import { useT } from '../../ui/i18n/i18n.ts';
import { Picture } from '../../ui/pictures/picture.tsx';
import styles from './identify.module.css';

export const PersonCard = ({ person }: { person: NonNullable<ScreenOf<'identify'>['person']> }) => {
  const t = useT();
  return (
    <section className={styles['person']} aria-label={t('identify.personTitle')}>
      <Picture name="person" sizeMm={34} />
      <dl>
        <div>
          <dt>{t('identify.name')}</dt>
          <dd className={styles['name']}>{person.name}</dd>
        </div>
        <div>
          <dt>{t('identify.number')}</dt>
          <dd>{formatIdNumber(person.number)}</dd>
        </div>
        {person.address !== undefined && (
          <div>
            <dt>{t('identify.address')}</dt>
            <dd>{person.address}</dd>
          </div>
        )}
      </dl>
    </section>
  );
};
