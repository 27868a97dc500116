// Materials: the list of what is wanted, or the one that is being handed over, by its way.
// Before it: the form. After it: review.

import type { ScreenProps } from '../screen-props.ts';
import { CameraStage } from './camera-stage.tsx';
import { CodeStage } from './code-stage.tsx';
import { LibraryStage } from './library-stage.tsx';
import { MaterialList } from './material-list.tsx';
import { ScannerStage } from './scanner-stage.tsx';

export const MaterialsScreen = ({ screen, view }: ScreenProps<'materials'>) => {
  const { current } = screen;
  const state = screen.materials.find(({ material }) => material.id === current?.materialId);
  if (current === undefined || state === undefined) return <MaterialList screen={screen} view={view} />;
  const stage = { view, screen, current, state };
  switch (current.way) {
    case 'camera':
      return <CameraStage key={current.materialId} {...stage} />;
    case 'scanner':
      return <ScannerStage {...stage} />;
    case 'qr':
      return <CodeStage {...stage} />;
    case 'library':
      return <LibraryStage {...stage} />;
    default:
      return current.way satisfies never;
  }
};
