// Screens of an application, from the guide to the rating.

import type { Item } from '../../contract/catalogue.ts';
import type { Coach, CoachPhase, MaterialState, Screen, ScreenOf } from '../../contract/view.ts';
import type { DevicePlace } from '../../contract/devices.ts';
import type { Text } from '../../contract/text.ts';
import { answers } from '../apply/form.ts';
import { hereAndNow } from '../apply/guide.ts';
import { canGoOn, isDone, wayAvailable } from '../apply/materials.ts';
import { signedDigest } from '../apply/sign.ts';
import type { World } from '../events.ts';
import { maskAddress, maskName, maskNumber } from '../masks.ts';
import { receiptCode, receiptDocument } from '../paper.ts';
import type { Application, Session, Step, Value, Way } from '../state.ts';
import { ratingLevels, ratingReasons, wayNames } from '../words.ts';
import { departmentName } from './home-screens.ts';
import { printState } from './visit-screens.ts';

/** Another hint after 15 s without the act, another way after 40 s. */
export const hintAfterMs = 15_000;
export const otherWayAfterMs = 40_000;

const helpSince = (sinceMs: number, now: number): Coach['help'] =>
  now - sinceMs >= otherWayAfterMs ? 'otherWay' : now - sinceMs >= hintAfterMs ? 'hint' : 'none';

/** Coaching at a device: what to do, and more of it the longer nothing happens. */
export const coach = (
  phase: CoachPhase,
  place: DevicePlace,
  sinceMs: number,
  now: number,
  fault?: Coach['fault'],
): Coach => ({
  phase,
  place,
  help: phase === 'waiting' ? helpSince(sinceMs, now) : 'none',
  ...(fault ? { fault } : {}),
});

export const applyScreen = (session: Session, step: Step, world: World, now: number): Screen => {
  const { application } = session;
  const item = world.catalogue.items.find(({ code }) => code === application?.itemCode);
  if (!application || !item) return { type: 'welcome' };
  switch (step.type) {
    case 'guide':
      return guideScreen(session, application, item, world);
    case 'identify':
      return identifyScreen(session, step, world, now);
    case 'form':
      return formScreen(application, item, step, world);
    case 'materials':
      return materialsScreen(session, application, item, step, world, now);
    case 'review':
      return reviewScreen(application, item);
    case 'sign':
      return {
        type: 'sign',
        digest: signedDigest(session, application, item, world),
        statement: {
          zh: `本人申请办理《${item.officialName.zh}》，所填内容和所交材料真实有效，并同意有关部门为办理此事共享和核验这些信息。`,
          en: `I apply for “${item.officialName.en}”. What I stated and handed over is true, and I agree that the departments concerned share and verify it for this purpose.`,
        },
        name: session.person ? maskName(session.person.name) : '',
        isSaving: step.saving,
        ...(step.trouble ? { failure: world.faultText(step.trouble) } : {}),
      };
    case 'submit':
      return {
        type: 'submit',
        phase: step.phase,
        itemName: item.name,
        willSendLater: !world.isOnline,
        ...(step.trouble ? { failure: world.faultText(step.trouble) } : {}),
      };
    case 'receipt':
      return receiptScreen(session, application, item, step, world);
    case 'locker':
      return {
        type: 'locker',
        phase: step.phase,
        ...(application.deposit ? { cell: world.cellName(application.deposit.cell) } : {}),
        ...(application.deposit && !step.trouble ? { pickUpCode: application.deposit.pickUpCode } : {}),
        place: world.devices.locker.place,
        originals: item.materials
          .filter((material) => material.original && isDone(application, material))
          .map(({ name }) => name),
        ...(step.trouble ? { failure: world.faultText(step.trouble) } : {}),
      };
    case 'rate':
      return {
        type: 'rate',
        itemName: item.name,
        levels: ratingLevels,
        reasons: ratingReasons,
        ...(world.devices['rating-pad'].available ? { padPlace: world.devices['rating-pad'].place } : {}),
      };
    default:
      return { type: 'welcome' };
  }
};

const guideScreen = (session: Session, application: Application, item: Item, world: World): ScreenOf<'guide'> => ({
  type: 'guide',
  item: { code: item.code, name: item.name, official: item.officialName, isBundle: item.kind === 'bundle' },
  lead: departmentName(world, item.lead),
  departments: item.departments.map((code) => departmentName(world, code)),
  needs: item.materials.map((material) => {
    const way =
      material.ways.find((candidate) => wayAvailable(candidate, world, session)) ?? material.ways[0] ?? 'camera';
    return {
      name: material.name,
      detail: material.detail,
      picture: material.picture,
      way: wayNames[way],
      // What the library may hold is not asked for; whether it does is known once the person is identified.
      isHeld: isDone(application, material) || way === 'library',
      required: material.required,
      pages: material.pages.min,
      original: material.original,
    };
  }),
  conditions: item.conditions,
  nextSteps: item.nextSteps,
  result: item.result,
  workingDays: item.duration.workingDays,
  atKioskMinutes: item.duration.atKioskMinutes,
  fee: item.fee,
  here: hereAndNow(item, world),
});

const identifyScreen = (
  session: Session,
  step: Extract<Step, { type: 'identify' }>,
  world: World,
  now: number,
): ScreenOf<'identify'> => {
  const reader = world.devices['id-card-reader'];
  const phase: CoachPhase =
    step.phase === 'done'
      ? session.card === 'taken'
        ? 'done'
        : 'takeBack'
      : !reader.available && step.phase === 'waiting'
        ? 'unavailable'
        : step.phase;
  const { person } = session;
  return {
    type: 'identify',
    coach: coach(phase, reader.place, step.sinceMs, now, reader.fault),
    ...(step.trouble ? { failure: world.faultText(step.trouble) } : {}),
    ...(step.phase === 'done' && person
      ? {
          person: {
            name: maskName(person.name),
            number: maskNumber(person.number),
            ...(person.address ? { address: maskAddress(person.address) } : {}),
          },
        }
      : {}),
  };
};

const fromTexts: Record<'card' | 'code', Text> = {
  card: { zh: '来自身份证', en: 'From your ID card' },
  code: { zh: '来自二维码', en: 'From the code' },
};

/** What the card says of a person is shown masked; what was typed is shown as typed, so that it can be checked. */
const shownValue = (kind: string, value: Value, from: 'card' | 'code' | undefined): Value => {
  if (from !== 'card' || typeof value !== 'string') return value;
  if (kind === 'personName') return maskName(value);
  if (kind === 'citizenId') return maskNumber(value);
  if (kind === 'address') return maskAddress(value);
  return value;
};

const formScreen = (
  application: Application,
  item: Item,
  step: Extract<Step, { type: 'form' }>,
  world: World,
): ScreenOf<'form'> => {
  const page = item.form.pages[step.page] ?? item.form.pages[0];
  const errors = world.validate(item, answers(application));
  return {
    type: 'form',
    title: page?.title ?? item.name,
    page: step.page,
    pages: item.form.pages.length,
    fields: (page?.fields ?? []).map((field) => {
      const from = application.from[field.id];
      const isShown = step.showErrors || application.visited.includes(field.id) || from === 'card';
      const error = isShown ? errors.find(({ fieldId }) => fieldId === field.id) : undefined;
      return {
        field,
        value: shownValue(field.kind, application.form[field.id] ?? null, from),
        ...(error ? { error: error.text } : {}),
        ...(from ? { from: fromTexts[from] } : {}),
        departments: field.departments.map((code) => departmentName(world, code)),
      };
    }),
    showErrors: step.showErrors,
  };
};

const foundText = (application: Application, materialId: string): Text | undefined => {
  const held = application.materials[materialId];
  if (held?.licence)
    return held.licence.state === 'verified'
      ? {
          zh: `已从电子证照库调取（${maskNumber(held.licence.number ?? '')}）`,
          en: `Fetched from the library (${maskNumber(held.licence.number ?? '')})`,
        }
      : { zh: '已同意调取，网络恢复后由平台调取', en: 'Agreed; the platform fetches it when the network is back' };
  if (held?.code !== undefined) return { zh: '二维码已读取', en: 'The code was read' };
  return undefined;
};

const materialState = (application: Application, item: Item): MaterialState[] =>
  item.materials.map((material) => {
    const held = application.materials[material.id];
    const found = foundText(application, material.id);
    return {
      material,
      state: held?.done ? 'done' : held && held.pages.length > 0 ? 'partly' : 'todo',
      ...(held ? { way: held.way } : {}),
      pages: (held?.pages ?? []).map(({ id, widthPx, heightPx }) => ({ id, widthPx, heightPx })),
      ...(found ? { found } : {}),
    };
  });

const placeOfWay = (way: Way, world: World): DevicePlace => {
  if (way === 'qr') return world.devices['qr-reader'].place;
  if (way === 'scanner') return world.devices['document-scanner'].place;
  return world.cameraPlace;
};

const materialsScreen = (
  session: Session,
  application: Application,
  item: Item,
  step: Extract<Step, { type: 'materials' }>,
  world: World,
  now: number,
): ScreenOf<'materials'> => {
  const { capture } = step;
  const device =
    capture?.way === 'qr'
      ? world.devices['qr-reader']
      : capture?.way === 'scanner'
        ? world.devices['document-scanner']
        : undefined;
  const phase: CoachPhase | undefined =
    capture && device && !device.available && capture.phase === 'waiting' ? 'unavailable' : capture?.phase;
  return {
    type: 'materials',
    materials: materialState(application, item),
    ...(capture && phase
      ? {
          current: {
            materialId: capture.materialId,
            way: capture.way,
            coach: coach(phase, placeOfWay(capture.way, world), capture.sinceMs, now, device?.fault),
            ...(capture.percent === undefined ? {} : { percent: capture.percent }),
            ...(capture.trouble ? { failure: world.faultText(capture.trouble) } : {}),
          },
        }
      : {}),
    camera: { state: session.camera, ...(world.cameraWanted ? { wanted: world.cameraWanted } : {}) },
    canGoOn: canGoOn(application, item),
  };
};

const yesNo = { true: { zh: '是', en: 'Yes' }, false: { zh: '否', en: 'No' } };

const reviewScreen = (application: Application, item: Item): ScreenOf<'review'> => ({
  type: 'review',
  sections: item.form.pages.map((page, index) => ({
    title: page.title,
    page: index,
    rows: page.fields.map((field) => {
      const value = shownValue(field.kind, application.form[field.id] ?? null, application.from[field.id]);
      const option = field.options?.find((candidate) => candidate.value === value);
      const unit = field.unit ?? { zh: '', en: '' };
      return {
        label: field.label,
        value:
          value === null
            ? { zh: '（未填）', en: '(not filled in)' }
            : typeof value === 'boolean'
              ? yesNo[value ? 'true' : 'false']
              : (option?.label ?? { zh: `${value}${unit.zh}`, en: `${value} ${unit.en}`.trim() }),
      };
    }),
  })),
  materials: materialState(application, item)
    .filter(({ state }) => state === 'done')
    .map(({ material, pages, found, way }) => ({
      name: material.name,
      how: found ?? {
        zh: `${way === 'camera' ? '拍照' : '扫描'} ${pages.length} 页`,
        en: `${pages.length} ${pages.length === 1 ? 'page' : 'pages'} ${way === 'camera' ? 'photographed' : 'scanned'}`,
      },
    })),
});

const receiptScreen = (
  session: Session,
  application: Application,
  item: Item,
  step: Extract<Step, { type: 'receipt' }>,
  world: World,
): ScreenOf<'receipt'> => {
  const receipt = application.receipt ?? { number: '', submittedAtMs: session.lastActMs };
  return {
    type: 'receipt',
    number: receipt.number,
    ...(receipt.centralNumber ? { centralNumber: receipt.centralNumber } : {}),
    state: receipt.centralNumber ? 'received' : world.isOnline ? 'sending' : 'savedHere',
    qr: receiptCode(receipt.number, application.caseId),
    itemName: item.name,
    submittedAtMs: receipt.submittedAtMs,
    nextSteps: item.nextSteps,
    askAt: world.askAt,
    print: printState(step.printing, receiptDocument(session, item, world, false), world),
  };
};
