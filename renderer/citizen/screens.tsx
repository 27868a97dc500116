// Every type of screen and what draws it. The type checker holds the table complete.

import type { ComponentType } from 'react';
import type { Screen, View } from '../../main/contract/view.ts';
import { AttractScreen } from './attract/attract.tsx';
import { FormScreen } from './form/form-screen.tsx';
import { GoodbyeScreen } from './goodbye/goodbye.tsx';
import { GuideScreen } from './guide/guide.tsx';
import { HomeScreen } from './home/home.tsx';
import { IdentifyScreen } from './identify/identify.tsx';
import { LockerScreen } from './locker/locker-screen.tsx';
import { MaterialsScreen } from './materials/materials-screen.tsx';
import { OutOfServiceScreen } from './out-of-service/out-of-service.tsx';
import { PickUpScreen } from './locker/pick-up-screen.tsx';
import { QueueScreen } from './queue/queue.tsx';
import { RateScreen } from './rate/rate-screen.tsx';
import { ReceiptScreen } from './receipt/receipt-screen.tsx';
import { ReviewScreen } from './review/review-screen.tsx';
import type { ScreenProps } from './screen-props.ts';
import { ShowTokenScreen } from './show-token/show-token.tsx';
import { SignScreen } from './sign/sign-screen.tsx';
import { SubmitScreen } from './submit/submit-screen.tsx';
import { TicketScreen } from './ticket/ticket.tsx';
import { WelcomeScreen } from './welcome/welcome.tsx';

const screens: { [Type in Screen['type']]: ComponentType<ScreenProps<Type>> } = {
  attract: AttractScreen,
  welcome: WelcomeScreen,
  home: HomeScreen,
  guide: GuideScreen,
  identify: IdentifyScreen,
  form: FormScreen,
  materials: MaterialsScreen,
  review: ReviewScreen,
  sign: SignScreen,
  submit: SubmitScreen,
  receipt: ReceiptScreen,
  locker: LockerScreen,
  rate: RateScreen,
  goodbye: GoodbyeScreen,
  queue: QueueScreen,
  ticket: TicketScreen,
  showToken: ShowTokenScreen,
  pickUp: PickUpScreen,
  outOfService: OutOfServiceScreen,
};

/** What a watcher from outside (a test, a monitor) may know of the screen without reading its words. */
const stateOf = (screen: Screen): Record<`data-${string}`, string | undefined> => ({
  'data-screen': screen.type,
  'data-way': screen.type === 'materials' ? screen.current?.way : undefined,
  'data-print': 'print' in screen ? screen.print?.phase : undefined,
  'data-number': screen.type === 'receipt' || screen.type === 'ticket' ? screen.number : undefined,
  'data-phase': 'phase' in screen ? screen.phase : undefined,
});

/** Draws the view's screen. */
export const CurrentScreen = ({ view }: { view: View }) => {
  // One table entry per type: the screen that is drawn is the one of its own type.
  const Drawn = screens[view.screen.type] as ComponentType<{ view: View; screen: Screen }>;
  return (
    <div style={{ display: 'contents' }} {...stateOf(view.screen)}>
      <Drawn view={view} screen={view.screen} />
    </div>
  );
};
