// The hand signature under what was reviewed. What is signed is named by its digest; the host refuses any other.
// Before it: review. After it: submit.

import { Eraser, PenLine } from 'lucide-react';
import { useState } from 'react';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Page } from '../../ui/components/page.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import type { ScreenProps } from '../screen-props.ts';
import { isSigned, type Stroke } from './ink.ts';
import styles from './sign-screen.module.css';
import { SignaturePad } from './signature-pad.tsx';

/** Enough of the digest to compare with the record, in groups that can be read aloud. */
const shortDigest = (digest: string): string => `${digest.slice(0, 4)} ${digest.slice(4, 8)} ${digest.slice(8, 12)}`;

export const SignScreen = ({ screen, view }: ScreenProps<'sign'>) => {
  const host = useHost();
  const t = useT();
  const text = useText();
  // A signature belongs to one text: when the digest changes, the pad is empty again.
  const [signature, setSignature] = useState<{ digest: string; strokes: readonly Stroke[] }>();
  const strokes = signature?.digest === screen.digest ? signature.strokes : [];
  const set = (next: readonly Stroke[]): void => setSignature({ digest: screen.digest, strokes: next });

  return (
    <Page
      view={view}
      title={t('sign.title')}
      lead={t('sign.signer', { name: screen.name })}
      primary={{
        label: t('sign.confirm'),
        icon: <PenLine aria-hidden="true" />,
        isDisabled: !isSigned(strokes),
        isBusy: screen.isSaving,
        onPress: () =>
          void host.send({
            type: 'sign',
            digest: screen.digest,
            strokes: strokes.map((stroke) => stroke.map(([x, y, ms]) => [x, y, ms])),
          }),
      }}
    >
      <div className={styles['sign']}>
        <div className={styles['text']}>
          <p className={styles['statement']}>{text(screen.statement)}</p>
          <p className={styles['digest']}>{t('sign.digest', { digest: shortDigest(screen.digest) })}</p>
          {screen.failure !== undefined && <FaultNotice fault={screen.failure} />}
        </div>
        <div className={styles['writing']}>
          <div className={styles['again']}>
            <Button
              icon={<Eraser aria-hidden="true" />}
              isDisabled={strokes.length === 0 || screen.isSaving}
              onPress={() => set([])}
            >
              {t('sign.again')}
            </Button>
          </div>
          <div className={styles['room']}>
            <SignaturePad
              label={t('sign.pad')}
              invitation={t('sign.invitation')}
              strokes={strokes}
              onChange={set}
              isDisabled={screen.isSaving}
            />
          </div>
        </div>
      </div>
    </Page>
  );
};
