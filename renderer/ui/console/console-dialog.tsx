// A dialog of a console: drawn inside the console, so that its sizes and colours hold there too.

import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import styles from './console-dialog.module.css';

export type ConsoleDialogProps = {
  /** The console's own element, or that of the door before anybody signed in. */
  frame: Element | null;
  title: string;
  children: ReactNode;
  actions: ReactNode;
  /** Below the actions, at the full width: a keyboard. */
  foot?: ReactNode;
  /** Absent: it must be answered. */
  onClose?: (() => void) | undefined;
};

export const ConsoleDialog = ({ frame, title, children, actions, foot, onClose }: ConsoleDialogProps) => (
  <ModalOverlay
    className={styles['shade'] ?? ''}
    isOpen
    isKeyboardDismissDisabled={onClose === undefined}
    onOpenChange={(open) => {
      if (!open) onClose?.();
    }}
    {...(frame === null ? {} : { UNSTABLE_portalContainer: frame })}
  >
    <Modal className={styles['modal'] ?? ''}>
      <AriaDialog className={styles['dialog'] ?? ''} role="alertdialog">
        <div className={styles['words']}>
          <Heading slot="title" level={2} className={styles['title'] ?? ''}>
            {title}
          </Heading>
          {children}
          <div className={styles['actions']}>{actions}</div>
        </div>
        {foot}
      </AriaDialog>
    </Modal>
  </ModalOverlay>
);
