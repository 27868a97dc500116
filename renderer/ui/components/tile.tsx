// A large thing to choose: picture, name, a few words. What cannot be chosen stays in place and says why.

import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Picture } from '../pictures/picture.tsx';
import { play } from '../sound.ts';
import styles from './tile.module.css';

export type TileProps = {
  picture?: string | undefined;
  pictureMm?: number | undefined;
  title: string;
  detail?: string | undefined;
  /** Why it cannot be chosen now; disables the tile. */
  why?: string | undefined;
  badge?: ReactNode;
  direction?: 'column' | 'row' | undefined;
  tone?: 'plain' | 'accent' | undefined;
  onPress: () => void;
};

export const Tile = ({
  picture,
  pictureMm = 30,
  title,
  detail,
  why,
  badge,
  direction = 'column',
  tone = 'plain',
  onPress,
}: TileProps) => (
  <Button
    className={styles['tile'] ?? ''}
    data-direction={direction}
    data-tone={tone}
    aria-label={title}
    isDisabled={why !== undefined}
    onPressStart={() => play('touch')}
    onPress={onPress}
  >
    {picture !== undefined && <Picture name={picture} sizeMm={pictureMm} />}
    <span className={styles['words']}>
      <span className={styles['title']}>{title}</span>
      {(why ?? detail) !== undefined && <span className={styles['detail']}>{why ?? detail}</span>}
    </span>
    {badge}
  </Button>
);
