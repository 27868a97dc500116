// The receipt on the screen as the receipt on paper: the same lines in the same columns, a Han character two columns wide.

import { Fragment } from 'react';
import { useT } from '../i18n/i18n.ts';
import { paperRuns } from './paper-runs.ts';
import { Qr } from './qr.tsx';
import styles from './receipt-paper.module.css';

export type ReceiptPaperProps = {
  lines: readonly string[];
  qr?: string | undefined;
  /** Columns of the paper: 48 on 80 mm, 32 on 58 mm. */
  columns?: number | undefined;
};

export const ReceiptPaper = ({ lines, qr, columns = 32 }: ReceiptPaperProps) => {
  const t = useT();
  return (
    <figure
      className={styles['paper']}
      style={{ ['--columns' as string]: columns }}
      aria-label={t('ticket.paper')}
    >
      {lines.map((line, index) => (
        <p className={styles['line']} key={`${index}-${line}`}>
          {paperRuns(line).map((run, at) =>
            run.isWide ? (
              <span key={at} className={styles['wide']}>
                {run.text}
              </span>
            ) : (
              <Fragment key={at}>{run.text}</Fragment>
            ),
          )}
        </p>
      ))}
      {qr !== undefined && (
        <div className={styles['qr']}>
          <Qr text={qr} label={t('ticket.paper')} sizeMm={34} />
        </div>
      )}
    </figure>
  );
};
