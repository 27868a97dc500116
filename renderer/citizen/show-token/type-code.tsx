// The pick-up code of a receipt, typed: eight digits, for whoever has the paper and no QR code. What is wrong stands above the digits.

import { useCallback, useState } from 'react';
import type { ScreenOf, View } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Page } from '../../ui/components/page.tsx';
import { formatCode } from '../../ui/format.ts';
import { useT } from '../../ui/i18n/i18n.ts';
import { Keyboard } from '../../ui/keyboard/keyboard.tsx';
import { useKeyboardField } from '../../ui/keyboard/use-keyboard-field.ts';
import { play } from '../../ui/sound.ts';
import styles from './show-token.module.css';

const codeDigits = 8;

export type TypeCodeProps = { view: View; screen: ScreenOf<'showToken'>; onClose: () => void };

export const TypeCode = ({ view, screen, onClose }: TypeCodeProps) => {
  const t = useT();
  const host = useHost();
  const [typed, setTyped] = useState('');
  const change = useCallback((value: string) => setTyped(value.replaceAll(/\D/g, '').slice(0, codeDigits)), []);
  const keyboard = useKeyboardField(typed, change, { mostCharacters: codeDigits });
  const isWhole = typed.length === codeDigits;
  const send = (): void => {
    if (isWhole) void host.send({ type: 'typeCode', code: typed });
  };
  return (
    <Page
      view={view}
      title={t('showToken.type')}
      lead={screen.failure === undefined ? t('showToken.typeLead') : undefined}
      back={{ label: t('action.back'), onPress: onClose }}
      primary={{ label: t('showToken.open'), onPress: send, isDisabled: !isWhole }}
    >
      {screen.failure !== undefined && <FaultNotice fault={screen.failure} />}
      <output className={styles['typed']} aria-label={t('showToken.type')} data-code>
        {typed === '' ? '····  ····' : formatCode(typed)}
      </output>
      <div className={styles['keyboard']}>
        <Keyboard
          layout="digits"
          mode={view.mode}
          language={view.language}
          {...keyboard.keys}
          onEnter={send}
          enterLabel={t('showToken.open')}
          onKey={() => play('touch')}
        />
      </div>
    </Page>
  );
};
