// Two large cards to choose from, each showing what it means instead of telling it.

import { CircleCheck } from 'lucide-react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { play } from '../../ui/sound.ts';
import styles from './big-choice.module.css';

export type BigChoiceProps<Value extends string> = {
  label: string;
  value: Value;
  options: readonly {
    value: Value;
    label: string;
    detail?: string;
    sample: string;
    sampleSize: 'small' | 'large' | 'huge';
  }[];
  onChange: (value: Value) => void;
};

export const BigChoice = <Value extends string>({ label, value, options, onChange }: BigChoiceProps<Value>) => (
  <RadioGroup
    className={styles['group'] ?? ''}
    value={value}
    onChange={(next) => {
      play('touch');
      onChange(next as Value);
    }}
  >
    <Label className={styles['label'] ?? ''}>{label}</Label>
    <div className={styles['options']}>
      {options.map((option) => (
        <Radio key={option.value} className={styles['option'] ?? ''} value={option.value} aria-label={option.label}>
          <span className={styles['sample']} data-size={option.sampleSize} aria-hidden="true">
            {option.sample}
          </span>
          <span className={styles['words']}>
            <span className={styles['name']}>{option.label}</span>
            {option.detail !== undefined && <span className={styles['detail']}>{option.detail}</span>}
          </span>
          <CircleCheck className={styles['tick']} aria-hidden="true" />
        </Radio>
      ))}
    </div>
  </RadioGroup>
);
