// Drawn pictures of the machine's parts and of what it gives and takes.

import type { ReactNode } from 'react';

export const deviceNames = [
  'services',
  'queue',
  'locker',
  'progress',
  'printer',
  'cardReader',
  'qrReader',
  'scanner',
  'ratingPad',
  'receipt',
  'card',
  'originals',
  'ticket',
  'phone',
  'help',
  'person',
  'clock',
  'machine',
  'search',
] as const;
export type DevicePicture = (typeof deviceNames)[number];

const ticket = (
  <>
    <path className="tint" d="M22 8h52v78l-6.5-5-6.5 5-6.5-5-6.5 5-6.5-5-6.5 5-6.5-5-6.5 5z" />
    <path d="M36 22h24M34 66h28" />
    <path className="accentLine" d="M35 38l6-5v21M50 39a6 6 0 0 1 12 0c0 6-12 8-12 15h12" strokeWidth="4" />
  </>
);
const card = (
  <>
    <rect className="tint" x="8" y="22" width="80" height="54" rx="6" />
    <circle className="accent" cx="66" cy="42" r="8" />
    <path className="accent" d="M52 64c1-9 7-12 14-12s13 3 14 12z" />
    <path d="M18 38h22M18 49h22M18 64h20" />
  </>
);

export const devices: Record<DevicePicture, ReactNode> = {
  services: (
    <>
      <path className="tint" d="M12 36L48 12l36 24v48H12z" />
      <path d="M6 40l42-28 42 28M12 84h72" />
      <path d="M24 46v28M36 46v28M60 46v28M72 46v28" />
      <path className="accent" d="M42 84V54h12v30z" />
    </>
  ),
  queue: ticket,
  ticket,
  locker: (
    <>
      <rect className="tint" x="12" y="8" width="72" height="80" rx="4" />
      <path d="M48 8v80M12 34h36M12 61h36M48 34h36M48 61h36" />
      <path className="surface" d="M48 34h36v27H48z" />
      <path className="accent" d="M48 34l26 7v27l-26-7z" />
      <path d="M38 20v4M38 46v4M38 73v4M76 20v4M76 73v4" />
      <path className="onAccent" d="M66 51v5" />
    </>
  ),
  progress: (
    <>
      <path className="tint" d="M18 10h34l16 16v58H18z" />
      <path d="M52 10v16h16M28 36h22M28 47h14" />
      <circle className="surface" cx="60" cy="58" r="16" />
      <path className="accentLine" d="M53 58l5 6 9-11" strokeWidth="4" />
      <path d="M72 70l14 16" strokeWidth="6" />
    </>
  ),
  printer: (
    <>
      <rect className="tint" x="10" y="38" width="76" height="40" rx="5" />
      <path className="surface" d="M28 50h40V12l-6.5 5-6.5-5-7 5-6.5-5-6.5 5-7-5z" />
      <path d="M37 27h22M37 37h22" />
      <path d="M20 50h56" strokeWidth="5" />
      <circle className="accentFill" cx="74" cy="66" r="3.5" />
    </>
  ),
  cardReader: (
    <>
      <rect className="tint" x="8" y="44" width="80" height="40" rx="7" />
      <rect className="surface" x="20" y="14" width="56" height="36" rx="5" />
      <path d="M28 26h16M28 36h12" />
      <circle className="accent" cx="62" cy="29" r="6" />
      <path className="accentLine" d="M36 66a12 12 0 0 1 24 0M42 68a6 6 0 0 1 12 0" />
    </>
  ),
  qrReader: (
    <>
      <rect className="tint" x="12" y="56" width="72" height="30" rx="6" />
      <path className="accentLine" d="M28 56L18 16M68 56l10-40M48 56V16" strokeDasharray="5 5" />
      <path className="surface" d="M30 56h36v8H30z" />
      <path d="M18 12h12M66 12h12" strokeWidth="4" />
    </>
  ),
  scanner: (
    <>
      <rect className="tint" x="8" y="52" width="80" height="30" rx="5" />
      <path className="surface" d="M14 52L24 18h62L82 52z" />
      <path className="surface" d="M24 52h44v12H24z" />
      <path className="accentLine" d="M18 70h60" strokeWidth="4" />
    </>
  ),
  ratingPad: (
    <>
      <rect className="tint" x="10" y="22" width="76" height="54" rx="7" />
      <path d="M22 34h52" />
      <circle className="accent" cx="26" cy="56" r="7" />
      <circle className="surface" cx="48" cy="56" r="7" />
      <circle className="surface" cx="70" cy="56" r="7" />
    </>
  ),
  receipt: (
    <>
      <path className="tint" d="M22 8h52v78l-6.5-5-6.5 5-6.5-5-6.5 5-6.5-5-6.5 5-6.5-5-6.5 5z" />
      <path d="M32 22h32M32 33h20" />
      <path className="accentFill" d="M36 44h10v10H36zM50 44h10v10H50zM36 58h10v10H36zM52 60h6v6h-6z" />
    </>
  ),
  card,
  originals: (
    <>
      <path className="surface" d="M34 8h34l14 14v52H34z" />
      <path className="tint" d="M18 20h34l14 14v54H18z" />
      <path d="M52 20v14h14M28 48h28M28 59h28" />
      <circle className="accent" cx="52" cy="74" r="8" />
    </>
  ),
  phone: (
    <>
      <rect className="tint" x="26" y="6" width="44" height="84" rx="8" />
      <rect className="surface" x="32" y="20" width="32" height="32" rx="2" />
      <path className="accentFill" d="M36 24h9v9h-9zM51 24h9v9h-9zM36 39h9v9h-9zM52 40h7v7h-7z" />
      <path d="M42 80h12M40 64h16" />
    </>
  ),
  help: (
    <>
      <path className="tint" d="M14 74c0-22 14-36 34-36s34 14 34 36z" />
      <path d="M8 74h80M14 84h68" />
      <circle className="accent" cx="48" cy="31" r="7" />
      <path className="accentLine" d="M48 8v8M28 14l5 6M68 14l-5 6" />
    </>
  ),
  person: (
    <>
      <path className="tint" d="M14 86c0-24 14-34 34-34s34 10 34 34z" />
      <circle className="accent" cx="48" cy="30" r="17" />
    </>
  ),
  clock: (
    <>
      <circle className="tint" cx="48" cy="48" r="38" />
      <path className="accentLine" d="M48 24v25l17 11" strokeWidth="5" />
      <path d="M48 10v5M48 81v5M10 48h5M81 48h5" />
    </>
  ),
  machine: (
    <>
      <path className="tint" d="M24 8h48a4 4 0 0 1 4 4v52H20V12a4 4 0 0 1 4-4z" />
      <path className="surface" d="M28 16h40v34H28z" />
      <path d="M20 64h56l6 24H14zM30 57h14" />
      <path className="accent" d="M54 54h14v6H54z" />
    </>
  ),
  search: (
    <>
      <circle className="tint" cx="42" cy="42" r="26" />
      <path d="M61 61l24 24" strokeWidth="7" />
      <path className="accentLine" d="M30 42a12 12 0 0 1 12-12" strokeWidth="4" />
    </>
  ),
};
