// A question over the screen. What is under it cannot be touched until it is answered.

import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import styles from './dialog.module.css';

export type DialogProps = {
  isOpen: boolean;
  title: string;
  picture?: ReactNode;
  children?: ReactNode;
  actions: ReactNode;
  /** Absent: it must be answered. */
  onClose?: (() => void) | undefined;
  isAlert?: boolean | undefined;
};

export const Dialog = ({ isOpen, title, picture, children, actions, onClose, isAlert = false }: DialogProps) => (
  <ModalOverlay
    className={styles['shade'] ?? ''}
    isOpen={isOpen}
    isDismissable={onClose !== undefined}
    isKeyboardDismissDisabled={onClose === undefined}
    onOpenChange={(open) => {
      if (!open) onClose?.();
    }}
  >
    <Modal className={styles['modal'] ?? ''}>
      <AriaDialog className={styles['dialog'] ?? ''} role={isAlert ? 'alertdialog' : 'dialog'}>
        <div className={styles['head']}>
          {picture}
          <Heading slot="title" level={2} className={styles['title'] ?? ''}>
            {title}
          </Heading>
        </div>
        {children}
        <div className={styles['actions']}>{actions}</div>
      </AriaDialog>
    </Modal>
  </ModalOverlay>
);
