// Submitting, against a real store: what a good case carries, and that a case which is not good enough is nowhere but in the visit.

import { describe, expect, it } from 'vitest';
import type { KioskConfig } from '../../../kiosk-config/schema.ts';
import { caseSteps, caseSubmittedSchema } from '../../contract/intake.ts';
import type { JourneyEvent, World } from '../../journeys/events.ts';
import { signedDigest } from '../../journeys/apply/sign.ts';
import type { Application, Session } from '../../journeys/state.ts';
import { card, catalogue, createPlayer, createWorld } from '../../journeys/test-world.ts';
import { sha256Hex } from '../../store/canonical.ts';
import { createPlace, valueOf } from '../../store/store-fixture.ts';
import type { Sender } from '../../sync/sender.ts';
import { createCaseActs } from './case-acts.ts';

/** Example number of GB 11643; it belongs to nobody. */
const holder = { ...card, number: '11010519491231002X', birthDate: '1949-12-31' };

const start = (world?: World, cells: readonly number[] = [], withResults: readonly number[] = []) => {
  const place = createPlace();
  const store = valueOf(place.open());
  const player = createPlayer(world, holder);
  player.toReview();
  const visit = structuredClone(player.session());
  const application = visit.application as Application;
  const vault = store.vault(visit.id, Buffer.alloc(32, 5));
  for (const page of Object.values(application.materials).flatMap(({ pages }) => pages)) {
    const bytes = Buffer.from(`picture ${page.id}`);
    valueOf(vault.putBlob(page.id, bytes));
    Object.assign(page, { sha256: sha256Hex(bytes), bytes: bytes.length });
  }
  const events: JourneyEvent[] = [];
  const stopped: string[] = [];
  const acts = createCaseActs({
    store,
    sender: { wake: () => undefined } as Sender,
    config: {
      kiosk: { timeZone: 'Asia/Shanghai' },
      locker: { cells: cells.map((cell) => ({ cell, label: String(cell) })), keepDays: 7 },
    } as unknown as KioskConfig,
    resultCells: () => new Set(withResults),
    clock: place.clock,
    world: () => player.world,
    dispatch: (event) => void events.push(event),
    onCaseStopped: (rule) => void stopped.push(rule),
    log: () => undefined,
  });
  const sign = (session: Session): void => {
    const [item] = player.world.catalogue.items;
    if (!item) throw new Error('there is no item');
    const digest = signedDigest(session, application, item, player.world);
    acts.perform({ type: 'saveSignature', strokes: [[[0.1, 0.1, 0]]], digest }, session, vault);
    const saved = events.at(-1);
    if (saved?.type !== 'signatureSaved') throw new Error('the signature was not saved');
    application.signature = { digest, imageSha256: saved.imageSha256, signedAtMs: place.clock.now() };
  };
  return {
    store,
    stopped,
    visit,
    application,
    clock: place.clock,
    sign: () => sign(visit),
    submit(): JourneyEvent | undefined {
      acts.perform({ type: 'saveCase' }, visit, vault);
      return events.at(-1);
    },
    storeDeposit(depositId: string): JourneyEvent | undefined {
      acts.perform({ type: 'storeDeposit', depositId }, visit, vault);
      return events.at(-1);
    },
    event: () => valueOf(store.nextBatch(10))[0],
    [Symbol.dispose]: () => place[Symbol.dispose](),
  };
};
const fourHours = 4 * 3_600_000;

it('a case carries its five groups of data, with the times of its steps', async () => {
  using kiosk = start();
  // The visit of the test world begins three hours after the store's morning.
  await kiosk.clock.advance(fourHours);
  kiosk.sign();
  expect(kiosk.submit()).toMatchObject({ type: 'caseSaved', caseId: kiosk.application.caseId });
  for (const { sha256 } of kiosk.store.pendingUploads()) valueOf(kiosk.store.markUploaded(sha256));
  const { caseData, submittedAt } = caseSubmittedSchema.parse(kiosk.event()?.payload);
  expect(caseData).toMatchObject({
    intake: { channel: 'kiosk', submittedAt },
    isClockChanged: false,
    specialProcedures: [],
    materials: [
      { materialId: 'notice', form: 'code', pages: 0 },
      { materialId: 'lease', form: 'scan', pages: 2 },
      { materialId: 'health', form: 'licence', pages: 0 },
    ],
    result: { state: 'pending' },
  });
  expect(caseData?.process.map(({ step }) => step)).toEqual(caseSteps.slice(0, 5));
});

it.each<[string, string[], (visit: Session, application: Application) => void]>([
  ['caseIdNumber', [], (visit) => void (visit.person && (visit.person.number = '110105194912310021'))],
  ['caseNameMissing', [], (visit) => void (visit.person && (visit.person.name = ' '))],
  ['caseMaterialsMissing', [], (_visit, application) => void delete application.materials['lease']],
  ['caseGroupMissing', ['caseGroupMissing'], (_visit, application) => void (application.passed = [])],
])('%s: the case is not acknowledged, and neither number nor event is there', async (code, stopped, spoil) => {
  using kiosk = start();
  await kiosk.clock.advance(fourHours);
  spoil(kiosk.visit, kiosk.application);
  kiosk.sign();
  expect(kiosk.submit()).toMatchObject({ type: 'caseFailed', trouble: { code } });
  expect(kiosk.store.caseStatus(kiosk.application.caseId)).toBeUndefined();
  expect([kiosk.store.depth(), kiosk.store.today().cases]).toEqual([0, 0]);
  // What is the kiosk's own fault, and nothing else, becomes an incident.
  expect(kiosk.stopped).toEqual(stopped);
});

it('what was changed after the signature asks for another, and is taken with it', async () => {
  using kiosk = start();
  await kiosk.clock.advance(fourHours);
  kiosk.sign();
  kiosk.application.form = { ...kiosk.application.form, shopName: '另一家小馆' };
  expect(kiosk.submit()).toMatchObject({ type: 'caseFailed', trouble: { code: 'caseDigest' } });
  kiosk.sign();
  expect(kiosk.submit()).toMatchObject({ type: 'caseSaved' });
});

it('a clock that was set back during the visit stops nobody, and is told', () => {
  using kiosk = start();
  kiosk.sign();
  expect(kiosk.submit()).toMatchObject({ type: 'caseSaved' });
  for (const { sha256 } of kiosk.store.pendingUploads()) valueOf(kiosk.store.markUploaded(sha256));
  expect(caseSubmittedSchema.parse(kiosk.event()?.payload).caseData?.isClockChanged).toBe(true);
});

describe('the credit code of an enterprise', () => {
  const withCode = (): World => {
    const enterprise = structuredClone(catalogue);
    const [item] = enterprise.items;
    const label = { zh: '统一社会信用代码', en: 'Credit code' };
    item?.form.pages[0]?.fields.push({ id: 'uscc', label, kind: 'uscc', departments: ['market'] });
    return createWorld({ catalogue: enterprise });
  };

  it.each([
    ['91350100M000100Y43', 'caseSaved'],
    ['', 'caseSaved'],
    ['91350100M000100Y44', 'caseCreditCode'],
    ['91350100M', 'caseCreditCode'],
  ])('%s: %s', async (answer, outcome) => {
    using kiosk = start(withCode());
    await kiosk.clock.advance(fourHours);
    kiosk.application.form = { ...kiosk.application.form, uscc: answer };
    kiosk.sign();
    const event = kiosk.submit();
    expect(event?.type === 'caseFailed' ? event.trouble.code : event?.type).toBe(outcome);
    expect(kiosk.stopped).toEqual([]);
  });
});

it('a deposit that cannot be written down is told to the journey', () => {
  using kiosk = start();
  expect(kiosk.storeDeposit('gone')).toEqual({ type: 'depositNotStored', depositId: 'gone' });
});

it('originals go into no cell in which a result waits; with no other cell free, the case is taken without one', async () => {
  using kiosk = start(undefined, [7, 8], [7]);
  await kiosk.clock.advance(fourHours);
  kiosk.sign();
  expect(kiosk.submit()).toMatchObject({ type: 'caseSaved', deposit: { cell: 8 } });
  using full = start(undefined, [7], [7]);
  await full.clock.advance(fourHours);
  full.sign();
  expect(full.submit()).toMatchObject({ type: 'caseSaved' });
  expect(full.submit()).not.toHaveProperty('deposit');
});
