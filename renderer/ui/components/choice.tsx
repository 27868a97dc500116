// One of a few: large targets side by side, the chosen one ticked.

import { Check } from 'lucide-react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { Picture } from '../pictures/picture.tsx';
import { play } from '../sound.ts';
import styles from './choice.module.css';

export type ChoiceOption<Value extends string> = {
  value: Value;
  label: string;
  detail?: string | undefined;
  picture?: string | undefined;
  isDisabled?: boolean | undefined;
};
export type ChoiceProps<Value extends string> = {
  label: string;
  options: readonly ChoiceOption<Value>[];
  value: Value | null;
  onChange: (value: Value) => void;
  /** Columns; without it, as many as fit. */
  columns?: number | undefined;
  isLabelHidden?: boolean | undefined;
  isInvalid?: boolean | undefined;
};

export const Choice = <Value extends string>({
  label,
  options,
  value,
  onChange,
  columns,
  isLabelHidden = false,
  isInvalid = false,
}: ChoiceProps<Value>) => (
  <RadioGroup
    className={styles['choice'] ?? ''}
    value={value}
    isInvalid={isInvalid}
    onChange={(next) => {
      play('touch');
      onChange(next as Value);
    }}
  >
    <Label className={isLabelHidden ? 'visually-hidden' : (styles['label'] ?? '')}>{label}</Label>
    <div
      className={styles['options']}
      style={columns === undefined ? undefined : { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {options.map((option) => (
        <Radio
          key={option.value}
          className={styles['option'] ?? ''}
          value={option.value}
          isDisabled={option.isDisabled ?? false}
          aria-label={option.label}
        >
          {option.picture !== undefined && <Picture name={option.picture} sizeMm={16} />}
          <span className={styles['words']}>
            <span>{option.label}</span>
            {option.detail !== undefined && <span className={styles['detail']}>{option.detail}</span>}
          </span>
          <Check className={styles['tick']} aria-hidden="true" />
        </Radio>
      ))}
    </div>
  </RadioGroup>
);
