// What happened to the paper, said only as far as the printer knows it. Where nobody knows, it asks.

import { Printer } from 'lucide-react';
import type { PrintState } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { useT, useText } from '../i18n/i18n.ts';
import { Button } from './button.tsx';
import { FaultNotice } from './fault-notice.tsx';
import { Notice } from './notice.tsx';
import { Spinner } from './progress.tsx';

export type PrintStatusProps = { print: PrintState };

export const PrintStatus = ({ print }: PrintStatusProps) => {
  const t = useT();
  const text = useText();
  const host = useHost();
  const again = <Button onPress={() => void host.send({ type: 'printAgain' })}>{t('print.again')}</Button>;
  const skip = <Button onPress={() => void host.send({ type: 'skipPrint' })}>{t('print.skip')}</Button>;
  switch (print.phase) {
    case 'printing':
      return print.fault === undefined ? (
        <Notice tone="info" title={t('print.printing')} isLive>
          <Spinner />
        </Notice>
      ) : (
        <FaultNotice fault={print.fault} action={skip} />
      );
    case 'printed':
      return <Notice tone="ok" title={t('print.printed')} isLive action={again} />;
    case 'unconfirmed':
      return (
        <Notice
          tone="attention"
          title={t('print.unconfirmed')}
          isLive
          action={
            <>
              <Button
                kind="primary"
                icon={<Printer aria-hidden="true" />}
                onPress={() => void host.send({ type: 'answerPrinted', cameOut: true })}
              >
                {t('print.cameOut')}
              </Button>
              <Button onPress={() => void host.send({ type: 'answerPrinted', cameOut: false })}>
                {t('print.didNot')}
              </Button>
            </>
          }
        >
          {t('print.unconfirmedDetail')}
        </Notice>
      );
    case 'failed':
      return (
        <Notice
          tone="attention"
          title={print.fault === undefined ? t('print.failed') : text(print.fault.what)}
          isLive
          action={
            <>
              {again}
              {skip}
            </>
          }
        >
          {t('print.failedDetail')}
        </Notice>
      );
    case 'skipped':
      return (
        <Notice tone="info" title={t('print.skipped')} action={again}>
          {t('print.skippedDetail')}
        </Notice>
      );
    default:
      return print.phase satisfies never;
  }
};
