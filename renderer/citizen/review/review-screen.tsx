// Everything that was stated and handed over, once more before it is signed. Private values come masked from the host.
// Before it: materials. After it: sign. Each part has a way back to where it is changed.

import { ArrowRight, Pencil } from 'lucide-react';
import type { ReactNode } from 'react';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { Page } from '../../ui/components/page.tsx';
import { Paged } from '../../ui/components/paged.tsx';
import { formatIdNumber, formatPhone } from '../../ui/format.ts';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import type { ScreenProps } from '../screen-props.ts';
import styles from './review-screen.module.css';

type Line = { label: string; value: string };
type Part = { key: string; title: string; page: number; lines: Line[] };

/** Lines of one card: short cards page well, and a page of the form has at most five lines anyway. */
const linesPerCard = {
  portrait: { standard: 5, elder: 4 },
  landscape: { standard: 5, elder: 3 },
} as const;

/** ID and mobile numbers, masked or not, in the groups in which they are read. */
const inGroups = (value: string): string => {
  if (/^[\d*]{17}[\dX*]$/.test(value)) return formatIdNumber(value);
  return /^1[\d*]{10}$/.test(value) ? formatPhone(value) : value;
};

export const ReviewScreen = ({ screen, view }: ScreenProps<'review'>) => {
  const host = useHost();
  const t = useT();
  const text = useText();
  const parts: Part[] = screen.sections.map((section) => ({
    key: `page-${section.page}`,
    title: text(section.title),
    page: section.page,
    lines: section.rows.map((row) => ({ label: text(row.label), value: inGroups(text(row.value)) })),
  }));
  if (screen.materials.length > 0)
    parts.push({
      key: 'materials',
      title: t('review.materials'),
      // A page past the form's last one is the list of materials.
      page: Math.max(-1, ...screen.sections.map((section) => section.page)) + 1,
      lines: screen.materials.map((material) => ({ label: text(material.name), value: text(material.how) })),
    });
  const most = linesPerCard[view.panel.orientation][view.mode];
  const cards = parts.flatMap((part) =>
    Array.from({ length: Math.ceil(part.lines.length / most) }, (_, index) => (
      <PartCard
        key={`${part.key}-${index}`}
        part={part}
        lines={part.lines.slice(index * most, (index + 1) * most)}
        change={
          <Button
            icon={<Pencil aria-hidden="true" />}
            label={t('review.changePart', { part: part.title })}
            onPress={() => void host.send({ type: 'showPage', page: part.page })}
          >
            {t('review.change')}
          </Button>
        }
      />
    )),
  );
  // A wide glass shows two cards side by side.
  const across = view.panel.orientation === 'landscape' ? 2 : 1;
  const rows = Array.from({ length: Math.ceil(cards.length / across) }, (_, index) => {
    const inRow = cards.slice(index * across, (index + 1) * across);
    const key = String(inRow[0]?.key);
    return {
      key,
      node: (
        <li key={key} className={styles['row']}>
          {inRow}
        </li>
      ),
    };
  });
  return (
    <Page
      view={view}
      title={t('review.title')}
      lead={t('review.lead')}
      primary={{
        label: t('action.next'),
        icon: <ArrowRight aria-hidden="true" />,
        onPress: () => void host.send({ type: 'next' }),
      }}
    >
      <Paged label={t('review.title')} items={rows} />
    </Page>
  );
};

const PartCard = ({ part, lines, change }: { part: Part; lines: Line[]; change: ReactNode }) => (
  <section className={styles['card']} aria-label={part.title}>
    <div className={styles['head']}>
      <h2>{part.title}</h2>
      {change}
    </div>
    <dl className={styles['lines']}>
      {lines.map((line) => (
        <div key={line.label}>
          <dt>{line.label}</dt>
          <dd>{line.value}</dd>
        </div>
      ))}
    </dl>
  </section>
);
