// One question of the form with the control of its kind, its error and where its value came from.

import type { ScreenMode } from '../../../main/contract/text.ts';
import type { ScreenOf } from '../../../main/contract/view.ts';
import { Choice } from '../../ui/components/choice.tsx';
import { Field } from '../../ui/components/field.tsx';
import { YesNo } from '../../ui/components/yes-no.tsx';
import { useLanguage, useT, useText } from '../../ui/i18n/i18n.ts';
import { AnswerBox } from './answer-box.tsx';
import { OptionList } from './option-list.tsx';
import { spokenSum, type FieldValue } from './value-format.ts';

export type FormEntry = ScreenOf<'form'>['fields'][number];

export type FormRowProps = {
  entry: FormEntry;
  mode: ScreenMode;
  /** What the field holds now, typed or pushed. */
  typed: string;
  value: FieldValue;
  isErrorShown: boolean;
  /** Beside the keyboard on a low glass there is room for the question, not for who uses the answer. */
  isBrief: boolean;
  isTyping: boolean;
  caret: number;
  onTyped: (typed: string) => void;
  onCaret: (caret: number) => void;
  onChoose: (value: FieldValue) => void;
  onEnter: () => void;
  onFocus: () => void;
  onBlur: () => void;
};

/** More options than this open in a dialog. */
const mostButtons = 6;

/** Short words stand three in a row, others two: no option breaks into a pillar of single characters. */
const columnsOf = (options: readonly { label: string }[]): number =>
  options.length !== 4 && options.every(({ label }) => label.length <= 6) ? Math.min(3, options.length) : 2;

/** What the card says is not typed over: only the issuing office can mend it. A scanned code may be corrected. */
export const isFixed = ({ field, from }: FormEntry): boolean => from !== undefined && field.prefill !== undefined;

export const FormRow = (props: FormRowProps) => {
  const { entry, value } = props;
  const { field } = entry;
  const t = useT();
  const text = useText();
  const label = text(field.label);
  const language = useLanguage();
  const sum = field.kind === 'money' ? spokenSum(value, language) : undefined;
  const hint = sum === undefined ? field.hint && text(field.hint) : t('form.sum', { amount: sum });
  const [first, second] = entry.departments;
  const usedBy =
    first === undefined
      ? []
      : entry.departments.length > 2
        ? [t('form.departments', { first: text(first), count: entry.departments.length })]
        : [text(first), ...(second === undefined ? [] : [text(second)])];
  return (
    <Field
      label={label}
      id={`field-${field.id}`}
      hint={isFixed(entry) ? undefined : hint}
      error={props.isErrorShown && entry.error !== undefined ? text(entry.error) : undefined}
      from={entry.from && text(entry.from)}
      usedBy={props.isBrief ? [] : usedBy}
    >
      {({ labelId, describedBy, isInvalid }) => {
        if (!isFixed(entry) && field.kind === 'yesNo')
          return (
            <YesNo
              label={label}
              value={typeof value === 'boolean' ? value : null}
              onChange={props.onChoose}
              isLabelHidden
              isInvalid={isInvalid}
            />
          );
        const options = (field.options ?? []).map((option) => ({ value: option.value, label: text(option.label) }));
        const chosen = typeof value === 'string' ? value : null;
        if (!isFixed(entry) && field.kind === 'choice')
          return options.length > mostButtons ? (
            <OptionList
              label={label}
              options={options}
              value={chosen}
              mode={props.mode}
              isInvalid={isInvalid}
              describedBy={describedBy}
              onChange={props.onChoose}
            />
          ) : (
            <Choice
              label={label}
              options={options}
              value={chosen}
              onChange={props.onChoose}
              columns={columnsOf(options)}
              isLabelHidden
              isInvalid={isInvalid}
            />
          );
        const known = options.find((option) => option.value === chosen)?.label;
        return (
          <AnswerBox
            kind={field.kind}
            typed={known ?? props.typed}
            unit={field.unit && text(field.unit)}
            labelId={labelId}
            describedBy={describedBy}
            isInvalid={isInvalid}
            isFixed={isFixed(entry)}
            isTyping={props.isTyping}
            caret={props.caret}
            onTyped={props.onTyped}
            onCaret={props.onCaret}
            onEnter={props.onEnter}
            onFocus={props.onFocus}
            onBlur={props.onBlur}
          />
        );
      }}
    </Field>
  );
};
