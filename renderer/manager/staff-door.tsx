// The door for staff over the citizen's screens: sign in, then the console; closing it gives the kiosk back.
//
//   five taps ─▶ sign in ─┬─▶ console ─▶ signed out by hand or by the clock ─▶ citizen's screens
//                         └─▶ cancelled, or nobody there ─▶ citizen's screens, the visit as it was
//
// A visit goes on until somebody really signed in: five taps by chance must not cost a citizen a filled-in form.

import { useCallback, useEffect, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import type { SignedIn } from '../../main/contract/console.ts';
import type { Language } from '../../main/contract/text.ts';
import { useHost } from '../connection.ts';
import { ask, type CallFailure } from '../ui/console/failures.ts';
import { useCitizenView } from '../ui/console/use-citizen-view.ts';
import tokens from '../ui/console/tokens.module.css';
import { LanguageContext, useLanguage, useT } from '../ui/i18n/i18n.ts';
import { Console } from './console.tsx';
import { SignIn } from './sign-in.tsx';
import styles from './staff-door.module.css';

type Lost = 'no' | 'line' | 'signedOut';

const Inside = ({
  onClose,
  frame,
  isDark,
  onDark,
  onLanguage,
}: {
  onClose: () => void;
  frame: Element | null;
  isDark: boolean;
  onDark: (isDark: boolean) => void;
  onLanguage: () => void;
}) => {
  const t = useT();
  const host = useHost();
  const view = useCitizenView();
  const [staff, setStaff] = useState<SignedIn>();
  const [lost, setLost] = useState<Lost>('no');
  const isSignedIn = staff !== undefined;
  const screen = view?.screen.type;
  const visitKey = view?.visitKey;

  // The kiosk is out of service for citizens while staff work on it. From the goodbye screen it takes a second "leave".
  useEffect(() => {
    if (isSignedIn && screen !== undefined && screen !== 'attract' && screen !== 'outOfService')
      void host.send({ type: 'leave' });
  }, [isSignedIn, screen, host]);

  // A visit that was wiped behind the door takes the page with it, unless it was the staff who ended it.
  const firstVisit = useRef(visitKey);
  useEffect(() => {
    firstVisit.current ??= visitKey;
    if (!isSignedIn && lost === 'no' && visitKey !== firstVisit.current) onClose();
  }, [visitKey, isSignedIn, lost, onClose]);

  const signOut = useCallback((): void => {
    // Refused when the clock was faster: then the host has done it already.
    void ask(() => host.client.staff.signOut()).then(onClose);
  }, [host, onClose]);
  const lose = useCallback((failure: CallFailure): void => {
    setStaff(undefined);
    setLost(failure.type === 'forbidden' ? 'signedOut' : 'line');
  }, []);

  if (staff === undefined)
    return (
      <SignIn
        client={host.client}
        notice={lost === 'no' ? undefined : t(lost === 'line' ? 'console.signIn.lineLost' : 'console.signIn.signedOut')}
        onSignedIn={setStaff}
        onCancel={onClose}
      />
    );
  return (
    <Console
      client={host.client}
      staff={staff}
      frame={frame}
      isDark={isDark}
      onDark={onDark}
      onLanguage={onLanguage}
      onStaff={setStaff}
      onSignOut={signOut}
      onLost={lose}
    />
  );
};

const Door = ({ onClose, onLanguage }: { onClose: () => void; onLanguage: () => void }) => {
  const t = useT();
  const language = useLanguage();
  const [isDark, setDark] = useState(false);
  const [frame, setFrame] = useState<Element | null>(null);
  return (
    // A modal: what lies under it is neither touched nor read aloud.
    <ModalOverlay className={styles['door'] ?? ''} isOpen isKeyboardDismissDisabled>
      <Modal className={styles['fill'] ?? ''}>
        <Dialog
          className={styles['fill'] ?? ''}
          aria-label={t('console.door.title')}
          lang={language === 'zh' ? 'zh-CN' : 'en'}
        >
          <div className={tokens['console']} data-shade={isDark ? 'dark' : 'light'} ref={setFrame}>
            <Inside onClose={onClose} frame={frame} isDark={isDark} onDark={setDark} onLanguage={onLanguage} />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
};

/** `onClose` gives the kiosk back to citizens. */
export const StaffDoor = ({ onClose }: { onClose: () => void }) => {
  const [language, setLanguage] = useState<Language>(useLanguage());
  return (
    <LanguageContext value={language}>
      <Door onClose={onClose} onLanguage={() => setLanguage(language === 'zh' ? 'en' : 'zh')} />
    </LanguageContext>
  );
};

export default StaffDoor;
