// The frame around one question of a form: label, why it is asked, where the answer came from, and its error right beside it.

import { BadgeCheck, TriangleAlert } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import styles from './field.module.css';

export type FieldProps = {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** Where the value came from, as the host says it: 来自身份证. */
  from?: string | undefined;
  /** Departments that use the answer. */
  usedBy?: readonly string[] | undefined;
  id?: string | undefined;
  /** Gets the ids to put on the control: `aria-labelledby`, `aria-describedby`, `aria-invalid`. */
  children: (ids: { labelId: string; describedBy: string | undefined; isInvalid: boolean }) => ReactNode;
};

export const Field = ({ label, hint, error, from, usedBy = [], id, children }: FieldProps) => {
  const t = useT();
  const ownId = useId();
  const base = id ?? ownId;
  const describedBy = [error !== undefined ? `${base}-error` : '', hint !== undefined ? `${base}-hint` : '']
    .filter((part) => part !== '')
    .join(' ');
  return (
    <div className={styles['field']} data-invalid={error !== undefined || undefined}>
      <div className={styles['head']}>
        <span className={styles['label']} id={`${base}-label`}>
          {label}
        </span>
        {from !== undefined && (
          <span className={styles['from']}>
            <BadgeCheck aria-hidden="true" />
            {from}
          </span>
        )}
      </div>
      {children({
        labelId: `${base}-label`,
        describedBy: describedBy === '' ? undefined : describedBy,
        isInvalid: error !== undefined,
      })}
      {error !== undefined && (
        <p className={styles['error']} id={`${base}-error`} role="alert">
          <TriangleAlert aria-hidden="true" />
          <span>
            <span className="visually-hidden">{t('field.error')} </span>
            {error}
          </span>
        </p>
      )}
      {(hint !== undefined || usedBy.length > 0) && (
        <p className={styles['hint']}>
          {hint !== undefined && <span id={`${base}-hint`}>{hint}</span>}
          {usedBy.length > 0 && <span>{t('field.usedBy', { departments: usedBy.join(' · ') })}</span>}
        </p>
      )}
    </div>
  );
};
