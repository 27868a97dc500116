// Drawn pictures of what people come for. The same grid and tones as the materials.

import type { ReactNode } from 'react';
import type { scenePictures } from '../../../main/contract/catalogue.ts';

export const scenes: Record<(typeof scenePictures)[number], ReactNode> = {
  shop: (
    <>
      <path className="tint" d="M16 42h64v42H16z" />
      <path className="surface" d="M24 54h22v18H24zM56 54h16v30H56z" />
      <path className="accent" d="M18 14h60l10 24H8z" />
      <path className="surface" d="M8 38a10 10 0 0 0 20 0 10 10 0 0 0 20 0 10 10 0 0 0 20 0 10 10 0 0 0 20 0z" />
      <path d="M8 84h80" />
    </>
  ),
  health: (
    <>
      <rect className="tint" x="14" y="34" width="68" height="50" rx="5" />
      <path className="surface" d="M36 34V24a6 6 0 0 1 6-6h12a6 6 0 0 1 6 6v10" />
      <path className="accent" d="M42 44h12v10h10v12H54v10H42V66H32V54h10z" />
    </>
  ),
  house: (
    <>
      <path className="tint" d="M18 44l30-28 30 28v40H18z" />
      <path d="M8 50l40-37 40 37" />
      <path className="accent" d="M40 84V60h16v24z" />
      <path d="M66 20v10" strokeWidth="6" />
      <path className="surface" d="M27 52h9v9h-9zM60 52h9v9h-9z" strokeWidth="2.4" />
    </>
  ),
  family: (
    <>
      <circle className="tint" cx="28" cy="28" r="12" />
      <path className="tint" d="M8 80c0-22 8-32 20-32s20 10 20 32z" />
      <circle className="tint" cx="68" cy="28" r="12" />
      <path className="tint" d="M48 80c0-22 8-32 20-32s20 10 20 32z" />
      <circle className="accent" cx="48" cy="54" r="9" />
      <path className="accent" d="M34 84c0-12 6-18 14-18s14 6 14 18z" />
    </>
  ),
  work: (
    <>
      <path d="M34 30v-8a6 6 0 0 1 6-6h16a6 6 0 0 1 6 6v8" />
      <rect className="tint" x="8" y="30" width="80" height="52" rx="6" />
      <path d="M8 52c12 6 26 9 40 9s28-3 40-9" />
      <rect className="accent" x="41" y="53" width="14" height="14" rx="3" />
    </>
  ),
  money: (
    <>
      <path className="tint" d="M14 28h62a6 6 0 0 1 6 6v42a6 6 0 0 1-6 6H20a8 8 0 0 1-8-8V26c0-5 3-8 8-8h50v10" />
      <path className="surface" d="M86 48H66a8 8 0 0 0 0 16h20z" />
      <circle className="accentFill" cx="68" cy="56" r="3" />
      <circle className="accent" cx="38" cy="56" r="14" />
      <path className="onAccent" d="M33 48l5 8 5-8M38 56v9M33 58h10" strokeWidth="2.4" />
    </>
  ),
  transport: (
    <>
      <path className="tint" d="M14 22a8 8 0 0 1 8-8h52a8 8 0 0 1 8 8v50H14z" />
      <path className="surface" d="M20 24h56v22H20z" />
      <path d="M48 24v22" />
      <path className="accent" d="M14 54h68v18H14z" />
      <circle className="surface" cx="28" cy="63" r="4" />
      <circle className="surface" cx="68" cy="63" r="4" />
      <path d="M24 72v10h8V72M64 72v10h8V72M6 32v12M90 32v12" />
    </>
  ),
  culture: (
    <>
      <path className="tint" d="M48 30c-10-9-24-11-38-9v52c14-2 28 0 38 9 10-9 24-11 38-9V21c-14-2-28 0-38 9z" />
      <path d="M48 30v52" />
      <path d="M20 35c7 0 13 1 18 4M20 47c7 0 13 1 18 4M20 59c7 0 13 1 18 4" />
      <path className="accent" d="M60 14h16v40l-8-7-8 7z" />
    </>
  ),
};
