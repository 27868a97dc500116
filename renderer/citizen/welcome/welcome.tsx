// The first decision, made with a tap each: which language, which size. The usual answer is already chosen.

import { Contrast } from 'lucide-react';
import { use } from 'react';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { Page } from '../../ui/components/page.tsx';
import { useT } from '../../ui/i18n/i18n.ts';
import type { ScreenProps } from '../screen-props.ts';
import { ThemeContext } from '../theme.ts';
import { BigChoice } from './big-choice.tsx';
import styles from './welcome.module.css';

export const WelcomeScreen = ({ view }: ScreenProps<'welcome'>) => {
  const t = useT();
  const host = useHost();
  const { theme, setTheme } = use(ThemeContext);
  return (
    <Page
      view={view}
      title={t('welcome.title')}
      isBare
      back={{ label: t('action.back'), onPress: () => void host.send({ type: 'back' }) }}
      primary={{ label: t('action.start'), onPress: () => void host.send({ type: 'next' }) }}
    >
      <div className={styles['choices']}>
        <BigChoice
          label={t('welcome.language')}
          value={view.language}
          options={[
            { value: 'zh', label: '中文', sample: '你好', sampleSize: 'large' },
            { value: 'en', label: 'English', sample: 'Hello', sampleSize: 'large' },
          ]}
          onChange={(language) => void host.send({ type: 'setLanguage', language })}
        />
        <BigChoice
          label={t('welcome.mode')}
          value={view.mode}
          options={[
            {
              value: 'standard',
              label: t('welcome.standard'),
              detail: t('welcome.standardDetail'),
              sample: view.language === 'zh' ? '字' : 'Aa',
              sampleSize: 'small',
            },
            {
              value: 'elder',
              label: t('welcome.elder'),
              detail: t('welcome.elderDetail'),
              sample: view.language === 'zh' ? '字' : 'Aa',
              sampleSize: 'huge',
            },
          ]}
          onChange={(mode) => void host.send({ type: 'setMode', mode })}
        />
      </div>
      <div className={styles['foot']}>
        <Button
          icon={<Contrast aria-hidden="true" />}
          isSelected={theme === 'contrast'}
          onPress={() => setTheme(theme === 'contrast' ? 'light' : 'contrast')}
        >
          {t('welcome.contrast')}
        </Button>
        <p>{t('welcome.private')}</p>
      </div>
    </Page>
  );
};
