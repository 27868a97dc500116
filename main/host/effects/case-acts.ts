// What a journey asks of the store and the network: keep a signature, submit a case, reserve and record a cell, rate, take a number.

import { randomUUID } from 'node:crypto';
import type { Result } from '../../../devices/kit/result.ts';
import type { KioskConfig } from '../../../kiosk-config/schema.ts';
import type { Clock } from '../../../devices/kit/clock.ts';
import type { JourneyEffect, JourneyEvent, World } from '../../journeys/events.ts';
import { caseSubmittedSchema } from '../../contract/intake.ts';
import { answers } from '../../journeys/apply/form.ts';
import { journeyTroubles } from '../../journeys/words.ts';
import { signedDigest } from '../../journeys/apply/sign.ts';
import type { Page, Session } from '../../journeys/state.ts';
import { sha256Hex } from '../../store/canonical.ts';
import { dayKeyAt } from '../../store/day.ts';
import type { Store } from '../../store/open.ts';
import type { CaseBlob } from '../../store/cases.ts';
import type { Vault } from '../../store/vault.ts';
import type { Sender } from '../../sync/sender.ts';
import { pictureInfo } from '../picture.ts';
import { caseDataOf } from './case-data.ts';
import { qualityFault, qualityRules, type QualityRule } from './case-quality.ts';
import { signatureSvg } from '../signature.ts';
import { takeTicket } from './take-ticket.ts';

export type CaseEffect = Extract<
  JourneyEffect,
  {
    type:
      | 'removeBlob'
      | 'lookUpLibrary'
      | 'saveSignature'
      | 'saveCase'
      | 'storeDeposit'
      | 'cancelDeposit'
      | 'saveRating'
      | 'takeNumber'
      | 'callHelp'
      | 'count';
  }
>;

export type CaseActsOptions = {
  store: Store;
  sender: Sender;
  /** Read at each use: what the centre sends down may change it between two visits. */
  readonly config: KioskConfig;
  /** Numbers of the day that are this kiosk's alone; absent: none are reserved. */
  numberBlocks?(dayKey: string, prefix: string): { from: number; to: number }[] | undefined;
  /** Cells that hold what the centre had put there: they are no depositor's. Absent: none do. */
  resultCells?(): ReadonlySet<number>;
  clock: Clock;
  world(): World;
  dispatch(event: JourneyEvent): void;
  /** A case was not taken, and no citizen can help it. */
  onCaseStopped(rule: string): void;
  log(event: string, detail?: Record<string, unknown>): void;
};

const dayMs = 86_400_000;
const signatureBlob = 'signature';
const iso = (ms: number): string => new Date(ms).toISOString();

/** No room left, and rules that the case does not meet, have words of their own; all else is told as a failed save. */
const troubleOf = (code: string): { code: string } => ({
  code: code === 'diskFull' || code in qualityRules ? code : 'storeFailed',
});

export const createCaseActs = (options: CaseActsOptions) => {
  const { store, sender, config, clock, world, dispatch, log } = options;

  /** Puts a captured page under the session's key and answers with what the journey keeps of it. */
  const keepPage = (vault: Vault, bytes: Uint8Array): Result<Page> => {
    const info = pictureInfo(bytes);
    if (!info.ok) return info;
    const id = randomUUID();
    const kept = vault.putBlob(id, bytes);
    if (!kept.ok) return kept;
    return { ok: true, value: { id, sha256: sha256Hex(bytes), bytes: bytes.length, ...info.value } };
  };

  const saveSignature = (effect: Extract<CaseEffect, { type: 'saveSignature' }>, vault: Vault): void => {
    const bytes = Buffer.from(signatureSvg(effect.strokes, effect.digest), 'utf8');
    const kept = vault.putBlob(signatureBlob, bytes);
    if (!kept.ok) {
      log('signatureNotSaved', { code: kept.error.code });
      dispatch({ type: 'signatureFailed', trouble: troubleOf(kept.error.code) });
      return;
    }
    dispatch({ type: 'signatureSaved', imageSha256: sha256Hex(bytes), digest: effect.digest });
  };

  const collectBlobs = (session: Session, vault: Vault): Result<CaseBlob[]> => {
    const blobs: CaseBlob[] = [];
    for (const page of Object.values(session.application?.materials ?? {}).flatMap((held) =>
      held.done ? held.pages : [],
    )) {
      const bytes = vault.getBlob(page.id);
      if (!bytes.ok) return bytes;
      blobs.push({ sha256: page.sha256, mediaType: page.mediaType, bytes: bytes.value });
    }
    const signature = vault.getBlob(signatureBlob);
    if (!signature.ok) return signature;
    blobs.push({ sha256: sha256Hex(signature.value), mediaType: 'image/svg+xml', bytes: signature.value });
    return { ok: true, value: blobs };
  };

  const casePayload = (session: Session, receiptNumber: string) => {
    const { application, person } = session;
    const { catalogue } = world();
    const item = catalogue.items.find(({ code }) => code === application?.itemCode);
    if (!application?.signature || !person || !item)
      throw new Error('a case without item, person or signature was submitted');
    const { signature } = application;
    const nowMs = clock.now();
    return {
      caseId: application.caseId,
      receiptNumber,
      itemCode: item.code,
      catalogueVersion: catalogue.version,
      applicant: {
        name: person.name,
        idType: person.type,
        idNumber: person.number,
        verifiedBy: 'idCardReader',
        ...(person.address ? { address: person.address } : {}),
      },
      form: answers(application),
      materials: item.materials.flatMap((material) => {
        const held = application.materials[material.id];
        if (!held?.done) return [];
        return [
          {
            materialId: material.id,
            name: material.name.zh,
            way: held.way,
            pages: held.pages.map(({ sha256, bytes, mediaType }) => ({ sha256, bytes, mediaType })),
            ...(held.licence
              ? {
                  licence: {
                    licenceType: material.licenceType ?? material.id,
                    state: held.licence.state,
                    consentAt: iso(held.licence.consentAtMs),
                    ...(held.licence.number ? { number: held.licence.number } : {}),
                  },
                }
              : {}),
            ...(held.code === undefined ? {} : { code: held.code }),
          },
        ];
      }),
      signature: {
        digest: signature.digest,
        imageSha256: signature.imageSha256,
        signedAt: iso(signature.signedAtMs),
      },
      submittedAt: iso(nowMs),
      caseData: caseDataOf(item, application, nowMs),
    };
  };

  /** Told before anything is acknowledged: the centre would send the case back, when the citizen is gone. */
  const qualityOf = (session: Session): QualityRule | 'invalidPayload' | undefined => {
    const checked = caseSubmittedSchema.safeParse(casePayload(session, ''));
    const { application } = session;
    if (!application) return 'invalidPayload';
    if (!checked.success) {
      const { issues } = checked.error;
      if (issues.every(({ path }) => path.at(-1) === 'creditCode')) return 'caseCreditCode';
      return issues.every(({ path }) => path[0] === 'caseData') ? 'caseGroupMissing' : 'invalidPayload';
    }
    const now = world();
    const item = now.catalogue.items.find(({ code }) => code === application.itemCode);
    return qualityFault({
      payload: checked.data,
      item,
      catalogueVersion: now.catalogue.version,
      digest: item ? signedDigest(session, application, item, now) : '',
      today: dayKeyAt(clock.now(), options.config.kiosk.timeZone),
    });
  };

  const reserve = (
    session: Session,
    receiptNumber: string,
  ): { depositId: string; cell: number; pickUpCode: string } | undefined => {
    const { application } = session;
    const item = world().catalogue.items.find(({ code }) => code === application?.itemCode);
    const originals = (item?.materials ?? [])
      .filter((material) => material.original && (application?.materials[material.id]?.pages.length ?? 0) > 0)
      .map(({ name }) => name.zh);
    if (!application || originals.length === 0 || !world().devices.locker.available) return undefined;
    const withResults = options.resultCells?.();
    const reserved = store.reserveCell({
      cells: config.locker.cells.map(({ cell }) => cell).filter((cell) => !withResults?.has(cell)),
      caseId: application.caseId,
      receiptNumber,
      originals,
      keepUntilMs: clock.now() + options.config.locker.keepDays * dayMs,
    });
    if (!reserved.ok) {
      log('noCell', { code: reserved.error.code });
      return undefined;
    }
    return reserved.value;
  };

  const saveCase = (session: Session, vault: Vault): void => {
    const caseId = session.application?.caseId ?? '';
    const failed = (code: string): void => {
      log('caseNotSaved', { code });
      dispatch({ type: 'caseFailed', caseId, trouble: troubleOf(code) });
    };
    const blobs = collectBlobs(session, vault);
    if (!blobs.ok) {
      failed(blobs.error.code);
      return;
    }
    // A case that is saved already was good enough then.
    const fault = store.caseStatus(caseId) ? undefined : qualityOf(session);
    if (fault !== undefined) {
      if (journeyTroubles[fault]?.who === 'engineer' || fault === 'invalidPayload') options.onCaseStopped(fault);
      failed(fault);
      return;
    }
    const saved = store.submitCase({
      caseId,
      sessionId: session.id,
      blobs: blobs.value,
      build: (receiptNumber) => casePayload(session, receiptNumber),
    });
    if (!saved.ok) {
      failed(saved.error.code);
      return;
    }
    log('caseSaved', { caseId });
    sender.wake();
    const deposit = reserve(session, saved.value.receiptNumber);
    dispatch({ type: 'caseSaved', caseId, receiptNumber: saved.value.receiptNumber, ...(deposit ? { deposit } : {}) });
  };

  const saveRating = (effect: Extract<CaseEffect, { type: 'saveRating' }>, session: Session): void => {
    const { application } = session;
    const saved = store.enqueue('rating.given', {
      ratingId: effect.ratingId,
      visitId: session.visitId,
      ...(application?.receipt ? { caseId: application.caseId, itemCode: application.itemCode } : {}),
      level: effect.level,
      reasons: effect.reasons,
      channel: effect.channel,
      ratedAt: iso(clock.now()),
    });
    if (!saved.ok) log('ratingNotSaved', { code: saved.error.code });
    else sender.wake();
  };

  const takeNumber = (effect: Extract<CaseEffect, { type: 'takeNumber' }>): void => {
    const business = world().queue.businesses.find(({ code }) => code === effect.businessCode);
    if (!business?.open) {
      dispatch({ type: 'numberFailed', trouble: { code: 'queueClosed' } });
      return;
    }
    const taken = takeTicket(options, {
      business,
      priority: effect.priority,
      atMs: clock.now(),
      timeZone: config.kiosk.timeZone,
    });
    if (!taken.ok) {
      const { code } = taken.error;
      dispatch({ type: 'numberFailed', trouble: code === 'noNumbersLeft' ? { code } : troubleOf(code) });
      return;
    }
    dispatch({ type: 'numberTaken', ticket: taken.value });
    sender.wake();
  };

  const lookUpLibrary = async (effect: Extract<CaseEffect, { type: 'lookUpLibrary' }>): Promise<void> => {
    const { attempt, licenceType } = effect;
    const found = await sender.libraryLookup(effect.idNumber, [licenceType]);
    // Without the library the consent is recorded and the platform fetches the licence itself.
    if (!found.ok) {
      dispatch({ type: 'libraryAnswered', attempt, answer: { state: 'toBeFetched' } });
      return;
    }
    const licence = found.value.find((candidate) => candidate.licenceType === licenceType);
    const answer = licence ? { state: 'verified' as const, number: licence.number } : { state: 'none' as const };
    dispatch({ type: 'libraryAnswered', attempt, answer });
  };

  const perform = (effect: CaseEffect, session: Session | undefined, vault: Vault | undefined): void => {
    switch (effect.type) {
      case 'removeBlob':
        vault?.removeBlob(effect.id);
        return;
      case 'lookUpLibrary':
        void lookUpLibrary(effect);
        return;
      case 'saveSignature':
        if (vault) saveSignature(effect, vault);
        return;
      case 'saveCase':
        if (session && vault) saveCase(session, vault);
        return;
      case 'storeDeposit': {
        const stored = store.confirmDeposit(effect.depositId, clock.now());
        if (stored.ok) {
          dispatch({ type: 'depositStored', depositId: effect.depositId });
          sender.wake();
        } else {
          log('depositNotStored', { code: stored.error.code });
          dispatch({ type: 'depositNotStored', depositId: effect.depositId });
        }
        return;
      }
      case 'cancelDeposit': {
        const cancelled = store.cancelDeposit(effect.depositId);
        if (!cancelled.ok) log('depositNotCancelled', { code: cancelled.error.code });
        return;
      }
      case 'saveRating':
        if (session) saveRating(effect, session);
        return;
      case 'takeNumber':
        takeNumber(effect);
        return;
      case 'callHelp': {
        const called = store.enqueue('help.called', {
          helpId: effect.helpId,
          visitId: session?.visitId ?? effect.helpId,
          where: effect.where,
          calledAt: iso(clock.now()),
        });
        if (!called.ok) log('helpNotRecorded', { code: called.error.code });
        else sender.wake();
        return;
      }
      case 'count':
        store.countSession();
        return;
      default:
        effect satisfies never;
    }
  };

  return { perform, keepPage };
};
