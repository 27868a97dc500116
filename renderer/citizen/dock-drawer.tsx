// Training and demo only: the panel that plays the devices, in a drawer behind a tab at the edge. Never there in a real hall, since
// only the simulated hall gives the address.

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useT } from '../ui/i18n/i18n.ts';
import styles from './dock-drawer.module.css';

export const DockDrawer = ({ url }: { url: string }) => {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  return (
    <aside className={styles['dock']} data-open={isOpen || undefined} aria-label={t('dock.title')}>
      <Button className={styles['tab'] ?? ''} onPress={() => setOpen(!isOpen)} aria-expanded={isOpen}>
        {isOpen ? <ChevronRight aria-hidden="true" /> : <ChevronLeft aria-hidden="true" />}
        {t('dock.open')}
      </Button>
      {isOpen && (
        <iframe
          className={styles['panel']}
          src={url}
          title={t('dock.title')}
          // The dock is another origin, so the two flags together open nothing of this page to it.
          // oxlint-disable-next-line react/iframe-missing-sandbox
          sandbox="allow-scripts allow-same-origin allow-forms"
        />
      )}
    </aside>
  );
};
