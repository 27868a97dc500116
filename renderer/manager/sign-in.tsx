// Staff sign in: account and PIN. What is typed stays in this component and goes with it. Nobody touches it for a while: it closes,
// for whoever taps the hall's name five times by chance must not leave the door open.

import { useCallback, useEffect, useState } from 'react';
import type { SignedIn } from '../../main/contract/console.ts';
import type { HostClient } from '../connection.ts';
import { Button } from '../ui/components/button.tsx';
import { Notice } from '../ui/components/notice.tsx';
import { useNow } from '../ui/components/use-now.ts';
import { FailureNote } from '../ui/console/failure-note.tsx';
import { ask, type CallFailure } from '../ui/console/failures.ts';
import { TextBox } from '../ui/console/text-box.tsx';
import { formatClock, formatSpan } from '../ui/console/times.ts';
import { useLanguage, useT } from '../ui/i18n/i18n.ts';
import { Keyboard } from '../ui/keyboard/keyboard.tsx';
import { useKeyboardField } from '../ui/keyboard/use-keyboard-field.ts';
import { play } from '../ui/sound.ts';
import { accountMost, cleanAccount, cleanPin, isAccount, isPin, pinLimits } from './credentials.ts';
import { PinPad } from './pin-pad.tsx';
import styles from './sign-in.module.css';

export type SignInProps = {
  client: HostClient;
  /** Why one has to sign in again. */
  notice?: string | undefined;
  onSignedIn: (staff: SignedIn) => void;
  onCancel: () => void;
};

export const closesAfterMs = 45_000;

const SignInFailure = ({ failure }: { failure: CallFailure }) => {
  const t = useT();
  const language = useLanguage();
  const now = useNow();
  if (failure.code === 'wrongPin')
    return (
      <Notice tone="problem" title={t('console.signIn.wrong')} isLive>
        {t('console.signIn.wrongDetail')}
      </Notice>
    );
  if (failure.code !== 'locked') return <FailureNote failure={failure} />;
  const { untilMs } = failure;
  return (
    <Notice tone="attention" title={t('console.signIn.locked')} isLive>
      {untilMs === undefined || untilMs <= now
        ? t('console.signIn.lockedDetail')
        : t('console.signIn.lockedUntil', { span: formatSpan(untilMs - now, language), at: formatClock(untilMs) })}
    </Notice>
  );
};

export const SignIn = ({ client, notice, onSignedIn, onCancel }: SignInProps) => {
  const t = useT();
  const language = useLanguage();
  const [account, setAccount] = useState('');
  const [pin, setPin] = useState('');
  const [typing, setTyping] = useState<'account' | 'pin'>('account');
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<CallFailure>();
  const accountField = useKeyboardField(
    account,
    useCallback((value: string) => setAccount(cleanAccount(value)), []),
    { mostCharacters: accountMost },
  );
  const pinField = useKeyboardField(
    pin,
    useCallback((value: string) => setPin(cleanPin(value)), []),
    { mostCharacters: pinLimits.most },
  );
  const canSignIn = isAccount(account) && isPin(pin) && !isBusy;

  useEffect(() => {
    let timer = setTimeout(onCancel, closesAfterMs);
    const wake = (): void => {
      clearTimeout(timer);
      timer = setTimeout(onCancel, closesAfterMs);
    };
    window.addEventListener('pointerdown', wake, { capture: true });
    window.addEventListener('keydown', wake, { capture: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointerdown', wake, { capture: true });
      window.removeEventListener('keydown', wake, { capture: true });
    };
  }, [onCancel]);

  const signIn = async (): Promise<void> => {
    if (!canSignIn) return;
    setBusy(true);
    const answer = await ask(() => client.staff.signIn({ account, pin }));
    setBusy(false);
    setPin('');
    if (answer.ok) onSignedIn(answer.value);
    else setFailure(answer.failure);
  };
  return (
    <div className={styles['page']}>
      <div className={styles['form']}>
        <h1 className={styles['title']}>{t('console.signIn.title')}</h1>
        <p className={styles['lead']}>{t('console.signIn.lead')}</p>
        {notice !== undefined && failure === undefined && <Notice tone="attention" title={notice} isLive />}
        {failure !== undefined && <SignInFailure failure={failure} />}
        <TextBox
          label={t('console.signIn.account')}
          value={account}
          onChange={(value) => setAccount(cleanAccount(value))}
          caret={accountField.caret}
          onCaret={accountField.setCaret}
          onEnter={() => setTyping('pin')}
          onFocus={() => setTyping('account')}
          isTyping={typing === 'account'}
          mostCharacters={accountMost}
        />
        <TextBox
          label={t('console.signIn.pin')}
          value={pin}
          onChange={(value) => setPin(cleanPin(value))}
          caret={pinField.caret}
          onCaret={pinField.setCaret}
          onEnter={() => void signIn()}
          onFocus={() => setTyping('pin')}
          isTyping={typing === 'pin'}
          isSecret
          mostCharacters={pinLimits.most}
        />
        <div className={styles['actions']}>
          <Button onPress={onCancel}>{t('console.signIn.cancel')}</Button>
        </div>
      </div>
      <div className={styles['keys']}>
        {typing === 'account' ? (
          <Keyboard
            layout="latin"
            mode="standard"
            language={language}
            {...accountField.keys}
            onEnter={() => setTyping('pin')}
            enterLabel={t('console.signIn.next')}
            onKey={() => play('touch')}
          />
        ) : (
          <PinPad
            onDigit={pinField.keys.onText}
            onBackspace={pinField.keys.onBackspace}
            onEnter={() => void signIn()}
            enterLabel={t('console.signIn.button')}
            canEnter={canSignIn}
            isBusy={isBusy}
          />
        )}
      </div>
    </div>
  );
};
