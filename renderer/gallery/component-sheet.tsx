// The components by themselves, each in all its states.

import { ArrowRight, Printer } from 'lucide-react';
import { useState } from 'react';
import type { View } from '../../main/contract/view.ts';
import { Button } from '../ui/components/button.tsx';
import { Choice } from '../ui/components/choice.tsx';
import { Countdown } from '../ui/components/countdown.tsx';
import { FaultNotice } from '../ui/components/fault-notice.tsx';
import { Field } from '../ui/components/field.tsx';
import { Notice } from '../ui/components/notice.tsx';
import { Progress, Spinner } from '../ui/components/progress.tsx';
import { Qr } from '../ui/components/qr.tsx';
import { Row, Rows } from '../ui/components/rows.tsx';
import { YesNo } from '../ui/components/yes-no.tsx';
import { LanguageContext } from '../ui/i18n/i18n.ts';
import { ActDrawing, coachActs } from '../ui/pictures/acts.tsx';
import { Picture, pictureNames } from '../ui/pictures/picture.tsx';
import { usePanel, type Theme } from '../ui/theme/panel.ts';
import styles from './component-sheet.module.css';
import { faults } from './fixtures-case-base.ts';

const nothing = (): void => undefined;

export const ComponentSheet = ({ view, theme }: { view: View; theme: Theme }) => {
  usePanel(view, theme);
  const [choice, setChoice] = useState<'a' | 'b' | 'c'>('a');
  const [answer, setAnswer] = useState<boolean | null>(true);
  const words = (zh: string, en: string): string => (view.language === 'zh' ? zh : en);
  return (
    <LanguageContext value={view.language}>
      <div className={styles['sheet']}>
        <section>
          {pictureNames.map((name) => (
            <Picture key={name} name={name} sizeMm={25} label={name} />
          ))}
        </section>
        <section>
          {coachActs.map((act) => (
            <div key={act} className={styles['act']}>
              <ActDrawing act={act} phase="working" label={act} />
            </div>
          ))}
        </section>
        <section>
          <Button kind="primary" size="primary" iconEnd={<ArrowRight aria-hidden="true" />} onPress={nothing}>
            {words('开始办理', 'Start now')}
          </Button>
          <Button onPress={nothing}>{words('返回', 'Back')}</Button>
          <Button kind="quiet" onPress={nothing}>
            {words('结束', 'End')}
          </Button>
          <Button kind="danger" onPress={nothing}>
            {words('删除', 'Delete')}
          </Button>
          <Button isDisabled onPress={nothing}>
            {words('下一步', 'Next')}
          </Button>
          <Button kind="primary" isBusy onPress={nothing}>
            {words('正在保存', 'Saving')}
          </Button>
          <Button isSelected icon={<Printer aria-hidden="true" />} onPress={nothing}>
            {words('要小票', 'Print it')}
          </Button>
        </section>
        <section className={styles['stack']}>
          <Notice tone="ok" title={words('现在、在这里就能办', 'You can do all of it here and now')} />
          <Notice tone="info">{words('人数是 09:11 的', 'As of 09:11')}</Notice>
          <FaultNotice
            fault={faults.paperOut}
            action={<Button onPress={nothing}>{words('不要小票', 'No slip')}</Button>}
          />
          <FaultNotice fault={faults.cutterStuck} />
          <Progress percent={62} />
        </section>
        <section className={styles['stack']}>
          <Field
            label={words('经营面积', 'Floor area')}
            hint={words('只算经营用的面积', 'Only what the business uses')}
            error={words('请填 1 到 10000 之间的数', 'Enter a number from 1 to 10000')}
            usedBy={[words('市场监管', 'Market Regulation'), words('消防', 'Fire')]}
          >
            {({ labelId }) => (
              <div className={styles['box']} role="textbox" aria-labelledby={labelId}>
                0
              </div>
            )}
          </Field>
          <Choice
            label={words('店面类型', 'Kind of place')}
            value={choice}
            onChange={setChoice}
            options={[
              { value: 'a', label: words('餐馆', 'Restaurant'), picture: 'shop' },
              { value: 'b', label: words('小吃店', 'Snack bar'), detail: words('50 平方米以下', 'Below 50 m²') },
              { value: 'c', label: words('食堂', 'Canteen'), isDisabled: true },
            ]}
          />
          <YesNo label={words('有没有凉菜间？', 'Is there a cold kitchen?')} value={answer} onChange={setAnswer} />
          <Rows label="rows">
            <Row title={words('新生儿落户', 'Register a newborn')} picture="family" onPress={nothing} />
            <Row
              title={words('补领营业执照', 'Replace a licence')}
              why={words('窗口现在不上班', 'Closed now')}
              onPress={nothing}
            />
          </Rows>
        </section>
        <section>
          <Qr text="HKR1|EZ24H01-20261122-0007" label="QR" sizeMm={36} />
          <Countdown seconds={18} part={0.6} />
          <Spinner label={words('正在读卡', 'Reading')} />
        </section>
      </div>
    </LanguageContext>
  );
};
