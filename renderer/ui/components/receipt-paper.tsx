// The receipt on the screen as the receipt on paper: the same lines in the same columns, a Han character two columns wide.

import { useT } from '../i18n/i18n.ts';
import { paperColumns, paperQr, paperRuns, paperSize } from './paper-runs.ts';
import { Qr } from './qr.tsx';
import styles from './receipt-paper.module.css';

export type ReceiptPaperProps = {
  lines: readonly string[];
  /** Drawn at the end where the lines have no place for it. */
  qr?: string | undefined;
  /** Columns of the paper: 48 on 80 mm, 32 on 58 mm. Without it, what the longest line takes. */
  columns?: 32 | 48 | undefined;
};

/** Each narrow character stands in a cell of its own: no installed face is promised to be half as wide as the Han face. */
const Line = ({ text, size }: { text: string; size: 1 | 2 | 3 }) => (
  <p className={styles['line']} data-size={size}>
    {paperRuns(size === 1 ? text : text.trim()).map((run, at) => (
      <span key={at} className={styles[run.isWide ? 'wide' : 'narrow']}>
        {Array.from(run.text, (char) => char).map((char, index) => (
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
      <div className={styles['sheet']}>
        <p className="visually-hidden">{lines.filter((line) => paperQr(line) === undefined).join('\n')}</p>
        <div aria-hidden="true">
          {lines.map((line, index) => {
            const code = paperQr(line);
            return code === undefined ? (
              <Line key={index} text={line} size={paperSize(line, width)} />
            ) : (
              <PaperQr key={index} text={code} />
            );
          })}
        </div>
        {qr !== undefined && !lines.some((line) => paperQr(line) !== undefined) && <PaperQr text={qr} />}
      </div>
    </figure>
  );
};

const PaperQr = ({ text }: { text: string }) => {
  const t = useT();
  return (
    <div className={styles['qr']}>
      <Qr text={text} label={t('ticket.paper')} sizeMm={34} />
    </div>
  );
};
