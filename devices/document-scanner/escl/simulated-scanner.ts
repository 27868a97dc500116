// An eSCL scanner's own side, as its network port sees it: what it answers to which request, and what a person can do to it. Written
// from the Mopria specification and from answers of real devices; nothing of the driver is used. Two far ends stand on it: a real HTTP
// server (server.ts) and the messages of the fault campaigns (simulator.ts).
//
//   request ─▶ [ fault? ] ─▶ capabilities │ status │ jobs ─▶ pages ─▶ answer with its manners (late, slow, cut, endless)

import { readFileSync } from 'node:fs';
import type { Knob } from '../../kit/simulator.ts';

const esclFaultNames = [
  'none',
  /** Another computer scans: Processing, and no job is taken. */
  'busy',
  'jam',
  /** After the first sheet. */
  'jamInStack',
  'coverOpen',
  'coverOpenInStack',
  'stopped',
  'garbageXml',
  'html',
  'entityBomb',
  'endlessBody',
  'endlessXml',
  'slow',
  'hangUpInPage',
  'cutPage',
  'notAPicture',
  'mute',
  'muteInPage',
  'notReady',
  'neverReady',
  'noLocation',
  'refuseSettings',
  'askPassword',
  'notHttp',
] as const;
type EsclFaultName = (typeof esclFaultNames)[number];

type EsclAsked = { method: string; path: string; body: string };

/** What goes back, and how. `none`: nothing, ever. */
export type EsclAnswer =
  | { type: 'none' }
  /** Bytes that are no HTTP at all. */
  | { type: 'noise' }
  | {
      type: 'answer';
      status: number;
      headers: Record<string, string>;
      body: Uint8Array;
      afterMs: number;
      /** `slow`: in small pieces; `cut`: half of it, then the line ends; `endless`: it never stops. */
      manner: 'whole' | 'slow' | 'cut' | 'endless';
    };

const picture = readFileSync(new URL('fixtures/page.jpg', import.meta.url));

/** The sheet with this number in its stack (0: on the glass): a JPEG with the number in a comment (ITU T.81, B.2.4.5), so that no two are the same. */
export const simulatedPage = (number: number): Uint8Array => {
  const words = Buffer.from(`sheet ${number}`, 'latin1');
  const comment = Buffer.from([0xff, 0xfe, 0, words.length + 2, ...words]);
  return Uint8Array.from(Buffer.concat([picture.subarray(0, 2), comment, picture.subarray(2)]));
};

const text = (body: string, type = 'text/xml'): { headers: Record<string, string>; body: Uint8Array } => ({
  headers: { 'Content-Type': type },
  body: Uint8Array.from(Buffer.from(body, 'utf8')),
});

const caps = (name: string, height: number): string => `<scan:${name}><scan:MinWidth>16</scan:MinWidth>
<scan:MaxWidth>2550</scan:MaxWidth><scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>${height}</scan:MaxHeight>
<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode>
<scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes><scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat></scan:DocumentFormats><scan:SupportedResolutions>
<scan:DiscreteResolutions>${[75, 150, 200, 300]
  .map(
    (dpi) =>
      `<scan:DiscreteResolution><scan:XResolution>${dpi}</scan:XResolution><scan:YResolution>${dpi}</scan:YResolution></scan:DiscreteResolution>`,
  )
  .join(
    '',
  )}</scan:DiscreteResolutions></scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles></scan:${name}>`;

const spaces =
  'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"';

const capabilitiesXml = `<?xml version="1.0" encoding="UTF-8"?>
<!-- simulated -->
<scan:ScannerCapabilities ${spaces}><pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>Hall Simulated eSCL &amp; Feeder</pwg:MakeAndModel>
<pwg:SerialNumber>SIM-ESCL-1</pwg:SerialNumber><scan:Platen>${caps('PlatenInputCaps', 3510)}</scan:Platen>
<scan:Adf>${caps('AdfSimplexInputCaps', 4200)}<scan:FeederCapacity>50</scan:FeederCapacity></scan:Adf></scan:ScannerCapabilities>`;

const statusXml = (state: string, feeder: string, open: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><scan:ScannerStatus ${spaces}><pwg:Version>2.63</pwg:Version>` +
  `<pwg:State>${state}</pwg:State><scan:AdfState>${feeder}</scan:AdfState><scan:Jobs>${open
    .map(
      (uri) =>
        `<scan:JobInfo><pwg:JobUri>${uri}</pwg:JobUri><scan:Age>1</scan:Age><pwg:JobState>Processing</pwg:JobState></scan:JobInfo>`,
    )
    .join('')}</scan:Jobs></scan:ScannerStatus>`;

/** Every entity is ten of the one before: a reader that expands them fills its memory. */
const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">${Array.from(
  { length: 9 },
  (_, level) => `<!ENTITY a${level + 1} "${`&a${level};`.repeat(10)}">`,
).join('')}]><scan:ScannerStatus ${spaces}><pwg:State>&a9;</pwg:State></scan:ScannerStatus>`;

type Job = { id: number; source: 'Platen' | 'Feeder'; given: number; waits: number; isOver: boolean };

const notReadyTimes = 2;
const pageMs = 400;
const questionMs = 5;

export type SimulatedScanner = {
  answer(asked: EsclAsked): EsclAnswer;
  knobs: Readonly<Record<string, Knob>>;
  look(): Record<string, unknown>;
};

export const createSimulatedScanner = (settings: Record<string, unknown> = {}): SimulatedScanner => {
  const root = typeof settings.root === 'string' ? settings.root : '/eSCL';
  let fault: EsclFaultName = 'none';
  let sheets = typeof settings.sheets === 'number' ? settings.sheets : 3;
  let stack = sheets;
  let pagesGiven = 0;
  let deleted = 0;
  let lastSettings = '';
  const jobs = new Map<string, Job>();

  const openJob = (): Job | undefined => [...jobs.values()].find(({ isOver }) => !isOver);
  const isStuck = (job: Job | undefined): boolean =>
    (fault === 'jamInStack' || fault === 'coverOpenInStack') && (job?.given ?? 0) >= 1;

  const feederState = (): string => {
    const job = [...jobs.values()].at(-1);
    if (fault === 'jam' || (fault === 'jamInStack' && isStuck(job))) return 'ScannerAdfJam';
    if (fault === 'coverOpen' || (fault === 'coverOpenInStack' && isStuck(job))) return 'ScannerAdfHatchOpen';
    return sheets > 0 ? 'ScannerAdfLoaded' : 'ScannerAdfEmpty';
  };
  const scannerState = (): string => {
    if (fault === 'stopped') return 'Stopped';
    // Its own job counts as well: real ones say Processing until the last page was fetched.
    return fault === 'busy' || openJob() ? 'Processing' : 'Idle';
  };

  const plain = (status: number, extra: Record<string, string> = {}): EsclAnswer => ({
    type: 'answer',
    status,
    headers: { 'Content-Length': '0', ...extra },
    body: new Uint8Array(),
    afterMs: questionMs,
    manner: 'whole',
  });
  const document = (xml: string): EsclAnswer => {
    const base = { type: 'answer', status: 200, afterMs: questionMs } as const;
    if (fault === 'garbageXml') return { ...base, ...text(xml.slice(0, xml.length / 2)), manner: 'whole' };
    if (fault === 'html')
      return { ...base, ...text('<html><body>Please log in<br></body></html>', 'text/html'), manner: 'whole' };
    if (fault === 'entityBomb') return { ...base, ...text(bomb), manner: 'whole' };
    if (fault === 'endlessXml') return { ...base, ...text(xml), manner: 'endless' };
    return { ...base, ...text(xml), manner: fault === 'slow' ? 'slow' : 'whole' };
  };

  const newJob = (body: string): EsclAnswer => {
    const other = openJob();
    if (fault === 'busy' || other) return plain(503);
    // It makes JPEG only.
    if (fault === 'refuseSettings' || !/:DocumentFormat(Ext)?>image\/jpeg</.test(body)) return plain(409);
    if (fault === 'coverOpen' || fault === 'stopped') return plain(503);
    lastSettings = body;
    const source = /:InputSource>Feeder</.test(body) ? 'Feeder' : 'Platen';
    const job: Job = { id: jobs.size + 1, source, given: 0, waits: 0, isOver: false };
    jobs.set(`${root}/ScanJobs/${job.id}`, job);
    if (fault === 'noLocation') return plain(201);
    // The name that the scanner has for itself is often one that nobody else knows.
    return plain(201, { Location: `http://scanner-of-nobody.local:8080${root}/ScanJobs/${job.id}` });
  };

  const nextPage = (job: Job): EsclAnswer => {
    if (fault === 'muteInPage') return { type: 'none' };
    if (fault === 'neverReady' || (fault === 'notReady' && job.waits < notReadyTimes)) {
      job.waits += 1;
      return plain(503);
    }
    const isEmpty = job.source === 'Feeder' ? sheets === 0 : job.given > 0;
    if (job.isOver || isEmpty || isStuck(job) || (fault === 'jam' && job.source === 'Feeder')) {
      job.isOver = true;
      return plain(404);
    }
    job.given += 1;
    job.waits = 0;
    if (job.source === 'Feeder') sheets -= 1;
    else job.isOver = true;
    pagesGiven += 1;
    const whole = simulatedPage(job.source === 'Feeder' ? stack - sheets : 0);
    const body =
      fault === 'cutPage'
        ? whole.subarray(0, whole.length / 2)
        : fault === 'notAPicture'
          ? Buffer.from('%PDF-1.4 not what was asked for'.repeat(10))
          : whole;
    const manner = { slow: 'slow', hangUpInPage: 'cut', endlessBody: 'endless' } as const;
    return {
      type: 'answer',
      status: 200,
      headers: {
        'Content-Type': 'image/jpeg',
        ...(fault === 'endlessBody' ? {} : { 'Content-Length': String(body.length) }),
      },
      body: Uint8Array.from(body),
      afterMs: pageMs,
      manner: manner[fault as keyof typeof manner] ?? 'whole',
    };
  };

  const answer = ({ method, path, body }: EsclAsked): EsclAnswer => {
    if (fault === 'mute') return { type: 'none' };
    if (fault === 'notHttp') return { type: 'noise' };
    if (fault === 'askPassword') return plain(401, { 'WWW-Authenticate': 'Basic realm="scanner"' });
    if (method === 'GET' && path === `${root}/ScannerCapabilities`) return document(capabilitiesXml);
    if (method === 'GET' && path === `${root}/ScannerStatus`) {
      const open = [...jobs].flatMap(([uri, { isOver }]) => (isOver ? [] : [uri]));
      return document(statusXml(scannerState(), feederState(), open));
    }
    if (method === 'POST' && path === `${root}/ScanJobs`) return newJob(body);
    const isNext = method === 'GET' && path.endsWith('/NextDocument');
    const job = jobs.get(isNext ? path.slice(0, -'/NextDocument'.length) : path);
    if (isNext && job) return nextPage(job);
    if (method === 'DELETE' && job) {
      job.isOver = true;
      deleted += 1;
      return plain(200);
    }
    return plain(404);
  };

  return {
    answer,
    knobs: {
      fault: {
        title: { zh: '故障（一直存在，none 为恢复）', en: 'Fault that stands until set to none' },
        argument: esclFaultNames,
        turn(argument = 'none') {
          const found = esclFaultNames.find((name) => name === argument);
          if (!found) throw new RangeError(`this scanner has no fault "${argument}"`);
          fault = found;
        },
      },
      load: {
        title: { zh: '进纸口放几张纸', en: 'Sheets in the feeder' },
        argument: 'number',
        turn(argument = '3') {
          sheets = Number(argument);
          stack = sheets;
        },
      },
      leaveJob: {
        title: { zh: '留下一个没有结束的任务', en: 'Leave a job open, as a dead computer does' },
        turn: () =>
          jobs.set(`${root}/ScanJobs/left-${jobs.size}`, {
            id: jobs.size + 1,
            source: 'Feeder',
            given: 0,
            waits: 0,
            isOver: false,
          }),
      },
      reboot: {
        title: { zh: '重启扫描仪（任务全部消失）', en: 'Restart the scanner; its jobs are gone' },
        turn: () => jobs.clear(),
      },
    },
    look: () => ({
      fault,
      sheets,
      jobs: jobs.size,
      openJobs: [...jobs.values()].filter(({ isOver }) => !isOver).length,
      deleted,
      pagesGiven,
      lastSettings,
    }),
  };
};
