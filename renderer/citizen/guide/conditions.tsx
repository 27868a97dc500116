// Conditions, what happens after submission and what one gets: for those who want to read it before they start.

import type { ScreenOf } from '../../../main/contract/view.ts';
import { Button } from '../../ui/components/button.tsx';
import { Dialog } from '../../ui/components/dialog.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import styles from './conditions.module.css';

export type ConditionsProps = { screen: ScreenOf<'guide'>; isOpen: boolean; onClose: () => void };

export const Conditions = ({ screen, isOpen, onClose }: ConditionsProps) => {
  const t = useT();
  const text = useText();
  return (
    <Dialog
      isOpen={isOpen}
      title={t('guide.more')}
      onClose={onClose}
      actions={
        <Button kind="primary" size="primary" onPress={onClose}>
          {t('action.close')}
        </Button>
      }
    >
      <div className={styles['parts']}>
        <section>
          <h3>{t('guide.conditions')}</h3>
          <ul>
            {screen.conditions.map((condition) => (
              <li key={condition.zh}>{text(condition)}</li>
            ))}
          </ul>
        </section>
        <section>
          <h3>{t('guide.nextSteps')}</h3>
          <ol>
            {screen.nextSteps.map((step) => (
              <li key={step.zh}>{text(step)}</li>
            ))}
          </ol>
        </section>
        <section>
          <h3>{t('guide.result')}</h3>
          <p>{text(screen.result)}</p>
        </section>
        {screen.departments.length > 0 && (
          <section>
            <h3>{t('guide.lead', { name: text(screen.lead) })}</h3>
            <p>
              {t('guide.with')} {screen.departments.map((department) => text(department)).join(' · ')}
            </p>
          </section>
        )}
      </div>
    </Dialog>
  );
};
