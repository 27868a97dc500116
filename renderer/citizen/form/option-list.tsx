// A choice of many (more than fit as buttons): the field shows the chosen one and opens a dialog with pages of rows.

import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { Button as PlainButton } from 'react-aria-components';
import type { ScreenMode } from '../../../main/contract/text.ts';
import { Button } from '../../ui/components/button.tsx';
import { Dialog } from '../../ui/components/dialog.tsx';
import { Pager } from '../../ui/components/pager.tsx';
import { Row, Rows } from '../../ui/components/rows.tsx';
import { useT } from '../../ui/i18n/i18n.ts';
import { play } from '../../ui/sound.ts';
import styles from './option-list.module.css';

export type OptionListProps = {
  label: string;
  options: { value: string; label: string }[];
  value: string | null;
  mode: ScreenMode;
  isInvalid: boolean;
  describedBy: string | undefined;
  onChange: (value: string) => void;
};

/** Rows of the dialog; two fewer than a page's, for its title and buttons. */
const rowsShown = { standard: 5, elder: 3 } as const;

export const OptionList = ({ label, options, value, mode, isInvalid, describedBy, onChange }: OptionListProps) => {
  const t = useT();
  const [page, setPage] = useState<number>();
  const size = rowsShown[mode];
  const chosen = options.findIndex((option) => option.value === value);
  const shown = page === undefined ? [] : options.slice(page * size, (page + 1) * size);
  return (
    <>
      <PlainButton
        className={styles['open'] ?? ''}
        aria-label={label}
        {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
        data-invalid={isInvalid || undefined}
        onPressStart={() => play('touch')}
        onPress={() => setPage(Math.max(0, Math.floor(chosen / size)))}
      >
        <span data-empty={chosen < 0 || undefined}>{options[chosen]?.label ?? t('form.choose')}</span>
        <ChevronDown aria-hidden="true" />
      </PlainButton>
      <Dialog
        isOpen={page !== undefined}
        title={label}
        onClose={() => setPage(undefined)}
        actions={
          <Button size="primary" onPress={() => setPage(undefined)}>
            {t('action.close')}
          </Button>
        }
      >
        <Rows label={label}>
          {shown.map((option) => (
            <Row
              key={option.value}
              title={option.label}
              isSelected={option.value === value}
              onPress={() => {
                onChange(option.value);
                setPage(undefined);
              }}
            />
          ))}
        </Rows>
        <Pager page={page ?? 0} pages={Math.ceil(options.length / size)} onPage={setPage} />
      </Dialog>
    </>
  );
};
