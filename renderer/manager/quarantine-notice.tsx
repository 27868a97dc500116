// The centre merges nothing new of this kiosk: why, and the way out of it, which is a technician's.

import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/components/button.tsx';
import { Notice } from '../ui/components/notice.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { ask } from '../ui/console/failures.ts';
import { ReasonDialog } from '../ui/console/reason-dialog.tsx';
import { useT } from '../ui/i18n/i18n.ts';

export const QuarantineNotice = ({ events }: { events: number }) => {
  const t = useT();
  const { client, staff } = useConsole();
  const [isEnding, setEnding] = useState(false);
  const isTechnician = staff.role === 'technician';
  return (
    <>
      <Notice
        tone="problem"
        title={t('console.quarantine.title', { count: events })}
        action={
          isTechnician ? (
            <Button icon={<ShieldCheck aria-hidden="true" />} onPress={() => setEnding(true)}>
              {t('console.quarantine.end')}
            </Button>
          ) : undefined
        }
      >
        <p>{t('console.quarantine.why')}</p>
        <p>{t(isTechnician ? 'console.quarantine.technician' : 'console.quarantine.manager')}</p>
      </Notice>
      {isEnding && (
        <ReasonDialog
          title={t('console.quarantine.endTitle')}
          consequences={[t('console.quarantine.does'), t('console.quarantine.check'), t('console.quarantine.audited')]}
          confirmLabel={t('console.quarantine.end')}
          reasons={['console.reason.cloneRetired', 'console.reason.diskRestored', 'console.reason.centreAsked']}
          onConfirm={async (reason) => {
            const done = await ask(() => client.technician.renewInstall({ reason }));
            return done.ok ? undefined : done.failure;
          }}
          onClose={() => setEnding(false)}
        />
      )}
    </>
  );
};
