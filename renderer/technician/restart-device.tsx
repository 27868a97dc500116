// Closes a device's line and starts its driver afresh.

import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { ConsoleDevice } from '../../main/contract/console.ts';
import { Button } from '../ui/components/button.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { ask } from '../ui/console/failures.ts';
import { ReasonDialog } from '../ui/console/reason-dialog.tsx';
import { useT, useText } from '../ui/i18n/i18n.ts';

export const RestartDevice = ({ device }: { device: ConsoleDevice }) => {
  const t = useT();
  const text = useText();
  const { client } = useConsole();
  const [isAsking, setAsking] = useState(false);
  const name = text(device.name);
  return (
    <>
      <Button icon={<RotateCw aria-hidden="true" />} onPress={() => setAsking(true)}>
        {t('console.restart.button')}
      </Button>
      {isAsking && (
        <ReasonDialog
          title={t('console.restart.title', { name })}
          consequences={[t('console.restart.stops'), t('console.restart.returns')]}
          confirmLabel={t('console.restart.button')}
          reasons={['console.reason.noAnswer', 'console.reason.afterRepair', 'console.reason.test']}
          onConfirm={async (reason) => {
            const done = await ask(() => client.technician.restartDevice({ deviceId: device.id, reason }));
            return done.ok ? undefined : done.failure;
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
};
