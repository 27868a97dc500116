// Handing over by its QR code: the reader is armed by the host; a wrong code says so and the right one is simply shown.

import { CoachStage } from '../../ui/components/coach-stage.tsx';
import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Notice } from '../../ui/components/notice.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import { OtherWays } from './other-ways.tsx';
import { StagePage } from './stage-page.tsx';
import type { StageProps } from './stage.ts';

export const CodeStage = (props: StageProps) => {
  const { current, state } = props;
  const t = useT();
  const text = useText();
  const { coach } = current;
  const isTroubled = coach.phase === 'failed' || coach.phase === 'unavailable' || coach.help === 'otherWay';
  return (
    <StagePage {...props}>
      <CoachStage act="showQr" coach={coach} otherWay={<OtherWays {...props} />}>
        {current.failure !== undefined && <FaultNotice fault={current.failure} />}
        {coach.phase === 'done' && state.found !== undefined && (
          <Notice tone="ok" title={text(state.found)} isLive>
            {t('materials.codeDone')}
          </Notice>
        )}
        {current.failure !== undefined && !isTroubled && <OtherWays {...props} />}
      </CoachStage>
    </StagePage>
  );
};
