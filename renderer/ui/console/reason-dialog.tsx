// Before an act that cannot be taken back: what will happen, and why it is done. The reason goes into the audit log.

import { useCallback, useState, type ReactNode } from 'react';
import { Button } from '../components/button.tsx';
import { useLanguage, useT, type Key } from '../i18n/i18n.ts';
import { Keyboard } from '../keyboard/keyboard.tsx';
import { useKeyboardField } from '../keyboard/use-keyboard-field.ts';
import { play } from '../sound.ts';
import { useConsole } from './console-context.ts';
import { ConsoleDialog } from './console-dialog.tsx';
import { FailureNote } from './failure-note.tsx';
import type { CallFailure } from './failures.ts';
import styles from './reason-dialog.module.css';
import { TextBox } from './text-box.tsx';

/** As the contract's `reasonSchema`. */
export const reasonLimits = { least: 2, most: 200 } as const;
export const isReason = (text: string): boolean => text.trim().length >= reasonLimits.least;

export type ReasonDialogProps = {
  title: string;
  /** What will happen, one sentence each. */
  consequences: readonly string[];
  confirmLabel: string;
  /** Usual reasons, to be taken with one touch. */
  reasons: readonly Key[];
  /** Answers with the failure, or nothing when it was done. */
  onConfirm: (reason: string) => Promise<CallFailure | undefined>;
  onClose: () => void;
  /** Something else to choose first. */
  children?: ReactNode;
  isReady?: boolean;
};

export const ReasonDialog = ({
  title,
  consequences,
  confirmLabel,
  reasons,
  onConfirm,
  onClose,
  children,
  isReady = true,
}: ReasonDialogProps) => {
  const t = useT();
  const language = useLanguage();
  const { frame } = useConsole();
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<CallFailure>();
  const change = useCallback((value: string) => setReason(value.slice(0, reasonLimits.most)), []);
  const field = useKeyboardField(reason, change, { mostCharacters: reasonLimits.most });
  const canConfirm = isReady && isReason(reason) && !isBusy;
  const confirm = async (): Promise<void> => {
    if (!canConfirm) return;
    setBusy(true);
    setFailure(undefined);
    const failed = await onConfirm(reason.trim());
    setBusy(false);
    if (failed === undefined) onClose();
    else setFailure(failed);
  };
  return (
    <ConsoleDialog
      frame={frame}
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('console.cancel')}</Button>
          <Button kind="primary" isDisabled={!canConfirm} isBusy={isBusy} onPress={() => void confirm()}>
            {confirmLabel}
          </Button>
        </>
      }
      foot={
        <Keyboard
          layout={language === 'zh' ? 'pinyin' : 'latin'}
          mode="standard"
          language={language}
          {...field.keys}
          onEnter={() => void confirm()}
          enterLabel={confirmLabel}
          onKey={() => play('touch')}
        />
      }
    >
      <ul className={styles['consequences']}>
        {consequences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {children}
      <TextBox
        label={t('console.reason.label')}
        hint={t('console.reason.hint')}
        value={reason}
        onChange={change}
        caret={field.caret}
        onCaret={field.setCaret}
        onEnter={() => void confirm()}
        isTyping
        mostCharacters={reasonLimits.most}
      />
      <div className={styles['reasons']}>
        {reasons.map((key) => (
          <Button key={key} isSelected={reason === t(key)} onPress={() => setReason(t(key))}>
            {t(key)}
          </Button>
        ))}
      </div>
      {failure !== undefined && <FailureNote failure={failure} />}
    </ConsoleDialog>
  );
};
