// The receipt on the screen as the receipt on paper: the same lines in the same columns, a Han character two columns wide.

import { useT } from '../i18n/i18n.ts';
import { paperColumns, paperRuns } from './paper-runs.ts';
import { Qr } from './qr.tsx';
import styles from './receipt-paper.module.css';

export type ReceiptPaperProps = {
  lines: readonly string[];
  qr?: string | undefined;
  /** Columns of the paper: 48 on 80 mm, 32 on 58 mm. Without it, what the longest line takes. */
  columns?: 32 | 48 | undefined;
};

/** Each narrow character stands in a cell of its own: no installed face is promised to be half as wide as the Han face. */
const Line = ({ text }: { text: string }) => (
  <p className={styles['line']} aria-hidden="true">
    {paperRuns(text).map((run, at) => (
      <span key={at} className={styles[run.isWide ? 'wide' : 'narrow']}>
        {[...run.text].map((char, index) => (
          <span key={index}>{char}</span>
        ))}
      </span>
    ))}
  </p>
);

export const ReceiptPaper = ({ lines, qr, columns }: ReceiptPaperProps) => {
  const t = useT();
  const width = columns ?? (lines.some((line) => paperColumns(line) > 32) ? 48 : 32);
  return (
    <figure className={styles['paper']} style={{ ['--columns' as string]: width }} aria-label={t('ticket.paper')}>
      <p className="visually-hidden">{lines.join('\n')}</p>
      {lines.map((line, index) => (
        <Line key={index} text={line} />
      ))}
      {qr !== undefined && (
        <div className={styles['qr']}>
          <Qr text={qr} label={t('ticket.paper')} sizeMm={34} />
        </div>
      )}
    </figure>
  );
};
