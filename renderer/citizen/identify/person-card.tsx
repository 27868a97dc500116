// What the card said, masked, for one look: is it you?

import { RotateCcw } from 'lucide-react';
import type { ScreenOf } from '../../../main/contract/view.ts';
import { Button } from '../../ui/components/button.tsx';
import { formatIdNumber } from '../../ui/format.ts';
import { useT } from '../../ui/i18n/i18n.ts';
import { Picture } from '../../ui/pictures/picture.tsx';
import styles from './identify.module.css';

export type PersonCardProps = {
  person: NonNullable<ScreenOf<'identify'>['person']>;
  /** Somebody else's card, or the wrong one. */
  onAgain: () => void;
};

export const PersonCard = ({ person, onAgain }: PersonCardProps) => {
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
      <div className={styles['again']}>
        <Button icon={<RotateCcw aria-hidden="true" />} onPress={onAgain}>
          {t('identify.again')}
        </Button>
      </div>
    </section>
  );
};
