// A pad of digits for PINs: nothing on it but what a PIN is made of.

import { Delete } from 'lucide-react';
import { Button } from '../ui/components/button.tsx';
import { useT } from '../ui/i18n/i18n.ts';
import styles from './pin-pad.module.css';

export type PinPadProps = {
  onDigit: (digit: string) => void;
  onBackspace: () => void;
  onEnter: () => void;
  enterLabel: string;
  canEnter: boolean;
  isBusy: boolean;
};

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

// While a PIN is being checked the pad rests: the answer clears it, and digits typed meanwhile would be lost.
export const PinPad = ({ onDigit, onBackspace, onEnter, enterLabel, canEnter, isBusy }: PinPadProps) => {
  const t = useT();
  return (
    <div className={styles['pad']} role="group" aria-label={t('console.pin.pad')}>
      {digits.map((digit) => (
        <Button key={digit} isDisabled={isBusy} onPress={() => onDigit(digit)}>
          {digit}
        </Button>
      ))}
      <Button
        label={t('console.pin.delete')}
        icon={<Delete aria-hidden="true" />}
        isDisabled={isBusy}
        onPress={onBackspace}
      />
      <Button isDisabled={isBusy} onPress={() => onDigit('0')}>
        0
      </Button>
      <Button kind="primary" isDisabled={!canEnter} isBusy={isBusy} onPress={onEnter}>
        {enterLabel}
      </Button>
    </div>
  );
};
