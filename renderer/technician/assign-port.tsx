// Puts a device on another port: one that is there now, or any path typed.

import { Cable } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { ConsoleDevice } from '../../main/contract/console.ts';
import { Button } from '../ui/components/button.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { ask } from '../ui/console/failures.ts';
import { ReasonDialog } from '../ui/console/reason-dialog.tsx';
import { useT, useText } from '../ui/i18n/i18n.ts';
import styles from './assign-port.module.css';
import type { portOf } from './device-words.ts';
import { PathDialog } from './path-dialog.tsx';

type OwnPort = NonNullable<ReturnType<typeof portOf>>;

export const AssignPort = ({ device, port: own }: { device: ConsoleDevice; port: OwnPort }) => {
  const t = useT();
  const text = useText();
  const { client, view } = useConsole();
  const [step, setStep] = useState<'closed' | 'choosing' | 'typing'>('closed');
  const [chosen, setChosen] = useState<string>();
  const name = text(device.name);
  const nameOf = (deviceId: string): string => {
    const other = view.devices.find(({ id }) => id === deviceId);
    return other === undefined ? deviceId : text(other.name);
  };
  // Of its own sort, and there now.
  const paths = view.ports.filter(
    ({ path, type, state }) => type === own.type && state !== 'missing' && path !== own.path,
  );
  const listed =
    chosen === undefined || paths.some(({ path }) => path === chosen) ? paths : [...paths, { path: chosen }];
  const holder = view.ports.find(({ path }) => path === chosen)?.assignedTo;
  const close = useCallback((): void => {
    setStep('closed');
    setChosen(undefined);
  }, []);
  return (
    <>
      <Button icon={<Cable aria-hidden="true" />} onPress={() => setStep('choosing')}>
        {t('console.port.button')}
      </Button>
      {step === 'typing' && (
        <PathDialog
          start={chosen ?? ''}
          onChosen={(path) => {
            setChosen(path);
            setStep('choosing');
          }}
          onClose={() => setStep('choosing')}
        />
      )}
      {step === 'choosing' && (
        <ReasonDialog
          title={t('console.port.title', { name })}
          consequences={[
            t('console.port.now', { path: own.path }),
            chosen === undefined ? t('console.port.chooseFirst') : t('console.port.will', { path: chosen }),
            ...(holder === undefined ? [] : [t('console.port.taken', { name: nameOf(holder) })]),
          ]}
          confirmLabel={t('console.port.confirm')}
          reasons={['console.reason.cableMoved', 'console.reason.deviceReplaced', 'console.reason.test']}
          isReady={chosen !== undefined}
          onConfirm={async (reason) => {
            if (chosen === undefined) return undefined;
            const done = await ask(() => client.technician.assignPort({ deviceId: device.id, path: chosen, reason }));
            return done.ok ? undefined : done.failure;
          }}
          onClose={close}
        >
          <div className={styles['ports']} role="radiogroup" aria-label={t('console.port.list')}>
            {listed.map((port) => (
              <button
                key={port.path}
                type="button"
                role="radio"
                aria-checked={port.path === chosen}
                className={styles['port']}
                onClick={() => setChosen(port.path)}
              >
                <span className={styles['path']}>{port.path}</span>
                {'assignedTo' in port && port.assignedTo !== undefined && (
                  <span className={styles['holder']}>
                    {t('console.port.holder', { name: nameOf(port.assignedTo) })}
                  </span>
                )}
              </button>
            ))}
            <Button kind="quiet" onPress={() => setStep('typing')}>
              {t('console.port.other')}
            </Button>
          </div>
        </ReasonDialog>
      )}
    </>
  );
};
