// What is wanted, what is there already, and one thing to do for each.

import { Check, CircleDashed, LoaderCircle } from 'lucide-react';
import type { MaterialState } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { Page } from '../../ui/components/page.tsx';
import { Paged } from '../../ui/components/paged.tsx';
import { Row } from '../../ui/components/rows.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import type { ScreenProps } from '../screen-props.ts';
import styles from './material-list.module.css';

const icons = { todo: CircleDashed, partly: LoaderCircle, done: Check } as const;

export const MaterialList = ({ screen, view }: ScreenProps<'materials'>) => {
  const host = useHost();
  const t = useT();
  const text = useText();
  const missing = screen.materials.filter(({ material, state }) => material.required && state !== 'done').length;
  // What is still wanted comes first; the order of the guide is kept within.
  const sorted = [...screen.materials].sort((a, b) => rank(a) - rank(b));
  return (
    <Page
      view={view}
      title={t('materials.title')}
      lead={missing === 0 ? t('materials.complete') : t('materials.missing', { count: missing })}
      primary={{
        label: t('action.next'),
        isDisabled: !screen.canGoOn,
        onPress: () => void host.send({ type: 'next' }),
      }}
    >
      <Paged
        label={t('materials.title')}
        items={sorted.map((state) => ({
          key: state.material.id,
          node: (
            <Row
              key={state.material.id}
              picture={state.material.picture}
              title={text(state.material.name)}
              detail={<Detail state={state} />}
              end={<Chip state={state} />}
              onPress={() => void host.send({ type: 'openMaterial', materialId: state.material.id })}
            />
          ),
        }))}
      />
    </Page>
  );
};

const rank = ({ material, state }: MaterialState): number => (state === 'done' ? 2 : material.required ? 0 : 1);

const Detail = ({ state }: { state: MaterialState }) => {
  const t = useT();
  const text = useText();
  const { material, pages, found } = state;
  const words =
    found !== undefined
      ? text(found)
      : pages.length > 0
        ? t('materials.pagesHeld', { count: pages.length })
        : text(material.detail);
  return <>{material.original ? `${words} · ${t('materials.original')}` : words}</>;
};

const Chip = ({ state }: { state: MaterialState }) => {
  const t = useT();
  const Icon = icons[state.state];
  const isOptional = state.state === 'todo' && !state.material.required;
  return (
    <span className={styles['chip']} data-state={isOptional ? 'optional' : state.state}>
      <Icon aria-hidden="true" />
      {isOptional ? t('materials.optional') : t(`materials.${state.state}`)}
    </span>
  );
};
