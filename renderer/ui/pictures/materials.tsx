// Drawn pictures of what people hand over. Two tones on a grid of 96: ink lines (`currentColor`), a tint for paper, the accent once.

import type { ReactNode } from 'react';
import type { materialPictures } from '../../../main/contract/catalogue.ts';

const sheet = <path className="tint" d="M24 10h36l16 16v58a4 4 0 0 1-4 4H24a4 4 0 0 1-4-4V14a4 4 0 0 1 4-4z" />;
const fold = <path d="M60 10v12a4 4 0 0 0 4 4h12" />;

export const materials: Record<(typeof materialPictures)[number], ReactNode> = {
  contract: (
    <>
      {sheet}
      {fold}
      <path d="M31 36h34M31 47h34M31 58h16" />
      <path d="M30 76c4-8 7-8 8-3s4 4 7-1" />
      <circle className="accent" cx="62" cy="70" r="9" />
      <path className="onAccent" d="M62 65v10M57 70h10" />
    </>
  ),
  floorPlan: (
    <>
      <path className="tint" d="M12 16h72v64H12z" />
      <path d="M12 46h26M50 46h34M52 16v18M38 80V62" />
      <path className="accentLine" d="M38 62a16 16 0 0 1 16 18M38 46a12 12 0 0 1 12-12" />
      <path d="M22 80h8M64 16h12" strokeWidth="6" />
    </>
  ),
  certificate: (
    <>
      <path className="tint" d="M10 18h76a2 2 0 0 1 2 2v48a2 2 0 0 1-2 2H10a2 2 0 0 1-2-2V20a2 2 0 0 1 2-2z" />
      <path d="M28 32h40M20 43h44M20 54h26" />
      <path className="accent" d="M62 66l-4 20 10-6 10 6-4-20z" />
      <circle className="accent" cx="68" cy="60" r="12" />
      <path className="onAccent" d="M63 60l4 4 7-8" />
    </>
  ),
  licence: (
    <>
      <path className="tint" d="M10 14h76v68H10z" />
      <path d="M16 20h64v56H16z" strokeWidth="1.6" />
      <circle className="accent" cx="48" cy="32" r="7" />
      <path className="onAccent" d="M48 28.5v7M44.5 32h7" strokeWidth="2" />
      <path d="M30 47h36M24 56h22M24 64h18" />
      <circle className="accentLine" cx="66" cy="63" r="8" />
    </>
  ),
  idCard: (
    <>
      <rect className="tint" x="8" y="20" width="80" height="56" rx="6" />
      <path d="M18 35h22M18 46h22M18 62h40" />
      <circle className="accent" cx="66" cy="38" r="8" />
      <path className="accent" d="M52 60c1-9 7-12 14-12s13 3 14 12z" />
    </>
  ),
  form: (
    <>
      {sheet}
      {fold}
      <path d="M30 34h20" />
      <rect x="30" y="42" width="36" height="10" rx="2" />
      <rect x="30" y="60" width="22" height="10" rx="2" />
      <path className="accent" d="M60 76l20-20 7 7-20 20-9 2z" />
    </>
  ),
  photo: (
    <>
      <rect className="tint" x="20" y="8" width="56" height="80" rx="4" />
      <path className="accent" d="M30 76c1-15 8-20 18-20s17 5 18 20z" />
      <circle className="surface" cx="48" cy="38" r="13" />
      <path d="M30 76c1-15 8-20 18-20s17 5 18 20" />
    </>
  ),
  qrCode: (
    <>
      <rect className="tint" x="14" y="14" width="68" height="68" rx="6" />
      <path d="M24 24h16v16H24zM56 24h16v16H56zM24 56h16v16H24z" />
      <path
        className="accentFill"
        d="M29 29h6v6h-6zM61 29h6v6h-6zM29 61h6v6h-6zM47 24h4v8h-4zM47 38h4v8h-4zM47 47h12v4H47zM56 56h7v7h-7zM66 62h6v10h-6zM50 66h8v6h-8zM66 47h6v7h-6z"
      />
    </>
  ),
  invoice: (
    <>
      <path className="tint" d="M22 10h52v74l-6.5-5-6.5 5-6.5-5-6.5 5-6.5-5-6.5 5-6.5-5-7 5z" />
      <path d="M32 54h32M32 65h20" />
      <circle className="accent" cx="48" cy="31" r="13" />
      <path className="onAccent" d="M43 24l5 7 5-7M48 31v8M43.5 32.5h9" strokeWidth="2.4" />
    </>
  ),
  household: (
    <>
      <path className="tint" d="M20 12h54a4 4 0 0 1 4 4v64a4 4 0 0 1-4 4H20a4 4 0 0 1-4-4V16a4 4 0 0 1 4-4z" />
      <path d="M26 12v72" />
      <path className="accent" d="M52 26l18 15v17H34V41z" />
      <path className="onAccent" d="M52 58V47" strokeWidth="6" />
      <path d="M40 70h24" />
    </>
  ),
};
