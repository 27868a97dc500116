// A call that did not go through, in words; the host's own sentence and code small, for the log book.

import { Notice } from '../components/notice.tsx';
import { useT, type Key } from '../i18n/i18n.ts';
import type { CallFailure } from './failures.ts';
import styles from './failure-note.module.css';

const words: Record<CallFailure['type'], Key> = {
  forbidden: 'console.failure.forbidden',
  refused: 'console.failure.refused',
  noHost: 'console.failure.noHost',
  failed: 'console.failure.failed',
};

export const FailureNote = ({ failure }: { failure: CallFailure }) => {
  const t = useT();
  return (
    <Notice tone={failure.type === 'forbidden' ? 'attention' : 'problem'} title={t(words[failure.type])} isLive>
      <p className={styles['detail']}>
        {failure.detail} <span className={styles['code']}>{failure.code}</span>
      </p>
    </Notice>
  );
};
