// The frame of every way of handing over: which material it is, back to the list on the left, "all handed over" on the right.

import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { useHost } from '../../connection.ts';
import { Page, type PageProps } from '../../ui/components/page.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import { Picture } from '../../ui/pictures/picture.tsx';
import styles from './stage-page.module.css';
import type { StageProps } from './stage.ts';

export type StagePageProps = StageProps & {
  /** Instead of "all handed over". */
  primary?: PageProps['primary'];
  back?: PageProps['back'];
  /** Instead of what is wanted of the material. */
  lead?: string | undefined;
  children: ReactNode;
};

/** Whether the host will take "all handed over" now. */
export const isEnough = ({ state }: Pick<StageProps, 'state'>): boolean =>
  state.found !== undefined || state.pages.length >= state.material.pages.min;

export const StagePage = (props: StagePageProps) => {
  const { view, state, primary, lead, children } = props;
  const host = useHost();
  const t = useT();
  const text = useText();
  return (
    <Page
      view={view}
      headline={
        <div className={styles['head']}>
          <Picture name={state.material.picture} sizeMm={22} />
          <div>
            <h1>{text(state.material.name)}</h1>
            <p>{lead ?? text(state.material.detail)}</p>
          </div>
        </div>
      }
      back={props.back ?? { label: t('action.back'), onPress: () => void host.send({ type: 'cancelCapture' }) }}
      primary={
        primary ?? {
          label: t('materials.finish'),
          icon: <Check aria-hidden="true" />,
          isDisabled: !isEnough(props),
          onPress: () => void host.send({ type: 'finishMaterial' }),
        }
      }
    >
      {children}
    </Page>
  );
};
