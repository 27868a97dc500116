// A short message over any screen, e.g. that help was called. It leaves by itself when the host takes it away.

import { Info } from 'lucide-react';
import type { View } from '../../../main/contract/view.ts';
import { useText } from '../i18n/i18n.ts';
import styles from './toast.module.css';

export type ToastProps = { toast: NonNullable<View['toast']> };

export const Toast = ({ toast }: ToastProps) => {
  const text = useText();
  return (
    <p className={styles['toast']} role="status" key={toast.id}>
      <Info aria-hidden="true" />
      {text(toast.text)}
    </p>
  );
};
