// The last half minute of a sign-in: one's PIN again to stay, or out. Signing in again is the only way to stay that the host knows.

import { useCallback, useState } from 'react';
import type { SignedIn } from '../../main/contract/console.ts';
import { Button } from '../ui/components/button.tsx';
import { Notice } from '../ui/components/notice.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { ConsoleDialog } from '../ui/console/console-dialog.tsx';
import { FailureNote } from '../ui/console/failure-note.tsx';
import { ask, type CallFailure } from '../ui/console/failures.ts';
import { TextBox } from '../ui/console/text-box.tsx';
import { formatSpan } from '../ui/console/times.ts';
import { useLanguage, useT } from '../ui/i18n/i18n.ts';
import { useKeyboardField } from '../ui/keyboard/use-keyboard-field.ts';
import { cleanPin, isPin, pinLimits } from './credentials.ts';
import { PinPad } from './pin-pad.tsx';

export type ExpiryDialogProps = { onStay: (staff: SignedIn) => void; onSignOut: () => void };

export const ExpiryDialog = ({ onStay, onSignOut }: ExpiryDialogProps) => {
  const t = useT();
  const language = useLanguage();
  const { client, staff, nowMs, frame } = useConsole();
  const [pin, setPin] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<CallFailure>();
  const field = useKeyboardField(
    pin,
    useCallback((value: string) => setPin(cleanPin(value)), []),
    { mostCharacters: pinLimits.most },
  );
  const stay = async (): Promise<void> => {
    if (!isPin(pin) || isBusy) return;
    setBusy(true);
    const answer = await ask(() => client.staff.signIn({ account: staff.account, pin }));
    setBusy(false);
    setPin('');
    if (answer.ok) onStay(answer.value);
    else setFailure(answer.failure);
  };
  return (
    <ConsoleDialog
      frame={frame}
      title={t('console.expiry.title', { span: formatSpan(staff.expiresAtMs - nowMs, language) })}
      actions={<Button onPress={onSignOut}>{t('console.signOut')}</Button>}
    >
      <p>{t('console.expiry.detail', { account: staff.account })}</p>
      {failure?.code === 'wrongPin' && <Notice tone="problem" title={t('console.signIn.wrong')} isLive />}
      {failure !== undefined && failure.code !== 'wrongPin' && <FailureNote failure={failure} />}
      <TextBox
        label={t('console.signIn.pin')}
        value={pin}
        onChange={(value) => setPin(cleanPin(value))}
        caret={field.caret}
        onCaret={field.setCaret}
        onEnter={() => void stay()}
        isTyping
        isSecret
        mostCharacters={pinLimits.most}
      />
      <PinPad
        onDigit={field.keys.onText}
        onBackspace={field.keys.onBackspace}
        onEnter={() => void stay()}
        enterLabel={t('console.expiry.stay')}
        canEnter={isPin(pin) && !isBusy}
        isBusy={isBusy}
      />
    </ConsoleDialog>
  );
};
