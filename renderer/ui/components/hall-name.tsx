// The hall's name, broken where people pause: before “24 小时”, never inside it.

import { Fragment } from 'react';
import { nameParts } from './name-parts.ts';

export const HallName = ({ name }: { name: string }) => (
  <>
    {nameParts(name).map((part, index) => (
      <Fragment key={index}>
        {index > 0 && <wbr />}
        {part}
      </Fragment>
    ))}
  </>
);
