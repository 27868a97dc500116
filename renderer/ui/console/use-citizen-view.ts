// What the citizens' side shows now, while a console stands before it.

import type { View } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';

export const useCitizenView = (): View | undefined => {
  const host = useHost();
  // One host for the life of the page: its hook never changes.
  // oxlint-disable-next-line react/hooks
  return useView();
};
