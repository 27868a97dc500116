// Materials are handed over once: fetched from the licence library, read from a code, photographed or scanned.

import type { Item, Material } from '../../contract/catalogue.ts';
import type { JourneyEffect, JourneyEvent, Outcome, World } from '../events.ts';
import { attemptOf, stay, withStep } from '../moves.ts';
import type { Application, Capture, HeldMaterial, Page, Session, Step, Way } from '../state.ts';
import { withApplication, type Part } from './part.ts';
import { enterReview } from './sign.ts';

type MaterialsStep = Extract<Step, { type: 'materials' }>;

export const isDone = (application: Application, material: Material): boolean =>
  application.materials[material.id]?.done === true;

export const canGoOn = (application: Application, item: Item): boolean =>
  item.materials.every((material) => !material.required || isDone(application, material));

/** Whether the device that a way needs is there. The camera lives in the page; the page says how it is. */
export const wayAvailable = (way: Way, world: World, session: Session): boolean => {
  switch (way) {
    case 'library':
      return true;
    case 'qr':
      return world.devices['qr-reader'].available;
    case 'scanner':
      return world.devices['document-scanner'].available;
    case 'camera':
      return session.camera === 'unknown' || session.camera === 'ready';
    default:
      return way satisfies never;
  }
};

const hold = (
  session: Session,
  materialId: string,
  change: (held: HeldMaterial | undefined) => HeldMaterial,
): Session => {
  const materials = session.application?.materials ?? {};
  return withApplication(session, { materials: { ...materials, [materialId]: change(materials[materialId]) } });
};

const open = (session: Session, material: Material, way: Way, now: number): Outcome => {
  const { session: counted, attempt } = attemptOf(session);
  const capture: Capture = { materialId: material.id, way, attempt, phase: 'waiting', sinceMs: now };
  const effects: JourneyEffect[] = way === 'qr' ? [{ type: 'readCode', attempt }] : [];
  return withStep(counted, { type: 'materials', capture }, effects);
};

const addPages = (
  session: Session,
  material: Material,
  way: Way,
  pages: Page[],
): { session: Session; refused: Page[] } => {
  const held = session.application?.materials[material.id];
  // Pages of another way (a first try by camera, say) are kept: together they are the material.
  const room = material.pages.max - (held?.pages.length ?? 0);
  const taken = pages.slice(0, Math.max(0, room));
  return {
    session: hold(session, material.id, () => ({ way, pages: [...(held?.pages ?? []), ...taken], done: false })),
    refused: pages.slice(taken.length),
  };
};

export const materialsNext = (part: Part, step: MaterialsStep): Outcome => {
  const { session, event } = part;
  if (event.type === 'intent') return byIntent(part, event, step);
  if (event.type === 'pageAdded') return pageAdded(part, event);
  const { capture } = step;
  if (!capture) return stay(session);
  if (event.type === 'resumed')
    return capture.way === 'qr' && capture.phase === 'waiting' ? openAgain(part, capture) : resetWorking(part, capture);
  if (!('attempt' in event) || event.attempt !== capture.attempt) return stay(session);
  const present = { ...session, lastActMs: part.now };
  const at = (change: Partial<Capture>): Step => ({
    type: 'materials',
    capture: { ...capture, sinceMs: part.now, ...change },
  });
  switch (event.type) {
    case 'scanProgress':
      return withStep(present, at({ phase: 'working', percent: event.percent }));
    case 'pagesScanned': {
      const material = materialOf(part.item, capture.materialId);
      if (!material) return stay(session);
      const added = addPages(present, material, 'scanner', event.pages);
      const { percent: _over, trouble: _gone, ...rest } = capture;
      return withStep(
        added.session,
        { type: 'materials', capture: { ...rest, phase: 'done', sinceMs: part.now } },
        added.refused.map(({ id }) => ({ type: 'removeBlob', id })),
      );
    }
    case 'deviceFailed':
      return withStep(present, at({ phase: 'failed', trouble: event.trouble }));
    case 'codeTrouble':
      return withStep(present, at({ trouble: event.trouble }));
    case 'codeRead':
      return codeRead(part, event, capture);
    case 'libraryAnswered':
      return libraryAnswered(part, event, capture);
    default:
      return stay(session);
  }
};

const materialOf = (item: Item, id: string): Material | undefined =>
  item.materials.find((material) => material.id === id);

const openAgain = ({ session, item, now }: Part, capture: Capture): Outcome => {
  const material = materialOf(item, capture.materialId);
  return material ? open(session, material, capture.way, now) : withStep(session, { type: 'materials' });
};

/** A scan or a look-up that the restart cut off did not happen; the person starts it again. */
const resetWorking = ({ session, now }: Part, capture: Capture): Outcome => {
  if (capture.phase !== 'working') return stay(session);
  const { percent: _cut, ...rest } = capture;
  return withStep(session, { type: 'materials', capture: { ...rest, phase: 'waiting', sinceMs: now } });
};

const pageAdded = ({ session, item, now }: Part, event: JourneyEvent & { type: 'pageAdded' }): Outcome => {
  const material = materialOf(item, event.materialId);
  if (!material) return stay(session, [{ type: 'removeBlob', id: event.page.id }]);
  const added = addPages({ ...session, lastActMs: now }, material, 'camera', [event.page]);
  return stay(
    added.session,
    added.refused.map(({ id }) => ({ type: 'removeBlob', id })),
  );
};

const codeRead = (part: Part, event: JourneyEvent & { type: 'codeRead' }, capture: Capture): Outcome => {
  const { session, item, now } = part;
  const material = materialOf(item, capture.materialId);
  if (!material?.code) return stay(session);
  const match = new RegExp(material.code.pattern, 'u').exec(event.text);
  const { session: counted, attempt } = attemptOf({ ...session, lastActMs: now });
  if (!match)
    // The reader is armed again at once: the person simply shows the right code.
    return withStep(
      counted,
      {
        type: 'materials',
        capture: { ...capture, attempt, phase: 'waiting', sinceMs: now, trouble: { code: 'codeNotRecognised' } },
      },
      [{ type: 'readCode', attempt }],
    );
  const held = hold(counted, material.id, () => ({ way: 'qr', pages: [], done: true, code: event.text }));
  const form = { ...held.application?.form };
  const from = { ...held.application?.from };
  for (const [group, fieldId] of Object.entries(material.code.fills)) {
    const value = match.groups?.[group];
    if (value === undefined || from[fieldId] === 'card') continue;
    form[fieldId] = value;
    from[fieldId] = 'code';
  }
  const { trouble: _over, ...rest } = capture;
  return withStep(withApplication(held, { form, from }), {
    type: 'materials',
    capture: { ...rest, attempt, phase: 'done', sinceMs: now },
  });
};

const libraryAnswered = (part: Part, event: JourneyEvent & { type: 'libraryAnswered' }, capture: Capture): Outcome => {
  const { session, now } = part;
  const { answer } = event;
  if (answer.state === 'none')
    return withStep(session, {
      type: 'materials',
      capture: { ...capture, phase: 'failed', sinceMs: now, trouble: { code: 'notInLibrary' } },
    });
  const held = hold(session, capture.materialId, () => ({
    way: 'library',
    pages: [],
    done: true,
    licence: {
      state: answer.state,
      consentAtMs: now,
      ...(answer.state === 'verified' ? { number: answer.number } : {}),
    },
  }));
  return withStep(held, { type: 'materials', capture: { ...capture, phase: 'done', sinceMs: now } });
};

const byIntent = (part: Part, event: JourneyEvent & { type: 'intent' }, step: MaterialsStep): Outcome => {
  const { session, application, item, now, world } = part;
  const { intent } = event;
  const { capture } = step;
  const stopDevices: JourneyEffect[] = capture ? [{ type: 'cancelDevices', except: ['id-card-reader'] }] : [];
  switch (intent.type) {
    case 'openMaterial': {
      const material = materialOf(item, intent.materialId);
      if (!material) return stay(session);
      const way =
        intent.way ?? material.ways.find((candidate) => wayAvailable(candidate, world, session)) ?? material.ways[0];
      if (!way || !material.ways.includes(way)) return stay(session);
      const opened = open(session, material, way, now);
      return { ...opened, effects: [...stopDevices, ...opened.effects] };
    }
    case 'retry':
      if (!capture) return stay(session);
      return openAgain(part, capture);
    case 'scanPage': {
      if (capture?.way !== 'scanner' || capture.phase === 'working') return stay(session);
      const { session: counted, attempt } = attemptOf(session);
      const { trouble: _over, ...rest } = capture;
      return withStep(
        counted,
        { type: 'materials', capture: { ...rest, attempt, phase: 'working', percent: 0, sinceMs: now } },
        [{ type: 'scan', attempt, source: intent.source }],
      );
    }
    case 'consentLibrary': {
      if (capture?.way !== 'library') return stay(session);
      const material = materialOf(item, capture.materialId);
      if (!intent.agreed || !material?.licenceType || !session.person) return withStep(session, { type: 'materials' });
      const { session: counted, attempt } = attemptOf(session);
      return withStep(
        counted,
        { type: 'materials', capture: { ...capture, attempt, phase: 'working', sinceMs: now } },
        [{ type: 'lookUpLibrary', attempt, licenceType: material.licenceType, idNumber: session.person.number }],
      );
    }
    case 'removePage': {
      const owner = Object.entries(application.materials).find(([, held]) =>
        held.pages.some(({ id }) => id === intent.pageId),
      );
      if (!owner) return stay(session);
      const [materialId, held] = owner;
      const pages = held.pages.filter(({ id }) => id !== intent.pageId);
      return stay(
        hold(session, materialId, () => ({ ...held, pages, done: false })),
        [{ type: 'removeBlob', id: intent.pageId }],
      );
    }
    case 'finishMaterial': {
      const material = capture && materialOf(item, capture.materialId);
      const held = material && application.materials[material.id];
      if (!material || !held) return stay(session);
      const enough = held.code !== undefined || held.licence !== undefined || held.pages.length >= material.pages.min;
      if (!enough) return stay(session);
      return withStep(
        hold(session, material.id, () => ({ ...held, done: true })),
        { type: 'materials' },
        stopDevices,
      );
    }
    case 'cancelCapture':
    case 'back':
      if (capture) return withStep(session, { type: 'materials' }, stopDevices);
      return intent.type === 'back'
        ? withStep(session, { type: 'form', page: item.form.pages.length - 1, showErrors: false })
        : stay(session);
    case 'next':
      if (capture || !canGoOn(application, item)) return stay(session);
      return enterReview(session);
    default:
      return stay(session);
  }
};
