// One drawn picture by name. Decorative unless it has a label: the words beside it say the same.

import { materials } from './materials.tsx';
import { devices, type DevicePicture } from './devices.tsx';
import { scenes } from './scenes.tsx';
import styles from './picture.module.css';

export type PictureName = keyof typeof materials | keyof typeof scenes | DevicePicture;

const pictures = { ...materials, ...scenes, ...devices };
export const pictureNames = Object.keys(pictures) as PictureName[];
const isPictureName = (name: string): name is PictureName => Object.hasOwn(pictures, name);

export type PictureProps = {
  /** A name that is not drawn (a newer catalogue's) shows a sheet of paper. */
  name: PictureName | (string & {});
  /** Times `--picture-scale` of the place where it stands (1 unless a style sheet says otherwise). */
  sizeMm?: number;
  label?: string;
};

export const Picture = ({ name, sizeMm = 18, label }: PictureProps) => (
  <svg
    className={styles['picture']}
    viewBox="0 0 96 96"
    style={{ ['--size' as string]: sizeMm }}
    {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
  >
    {pictures[isPictureName(name) ? name : 'form']}
  </svg>
);
