// Yes or no, as two equal targets.

import { useT } from '../i18n/i18n.ts';
import { Choice } from './choice.tsx';

export type YesNoProps = {
  label: string;
  value: boolean | null;
  onChange: (value: boolean) => void;
  yes?: string | undefined;
  no?: string | undefined;
  isLabelHidden?: boolean | undefined;
  isInvalid?: boolean | undefined;
};

export const YesNo = ({ label, value, onChange, yes, no, isLabelHidden, isInvalid }: YesNoProps) => {
  const t = useT();
  return (
    <Choice
      label={label}
      options={[
        { value: 'yes', label: yes ?? t('action.yes') },
        { value: 'no', label: no ?? t('action.no') },
      ]}
      value={value === null ? null : value ? 'yes' : 'no'}
      onChange={(next) => onChange(next === 'yes')}
      columns={2}
      isLabelHidden={isLabelHidden}
      isInvalid={isInvalid}
    />
  );
};
