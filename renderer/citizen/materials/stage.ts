// What every way of handing over gets.

import type { MaterialState, ScreenOf, View } from '../../../main/contract/view.ts';

export type StageProps = {
  view: View;
  screen: ScreenOf<'materials'>;
  current: NonNullable<ScreenOf<'materials'>['current']>;
  state: MaterialState;
};
