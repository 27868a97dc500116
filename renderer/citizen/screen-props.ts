// What every citizen's screen gets: the whole view and its own part of it.

import type { Screen, ScreenOf, View } from '../../main/contract/view.ts';

export type ScreenProps<Type extends Screen['type']> = { view: View; screen: ScreenOf<Type> };
