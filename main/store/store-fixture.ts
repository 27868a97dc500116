// What the store's tests start from: a real file in a folder of its own, a fixed machine key, a clock that stands still, and a
// synthetic applicant.

import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeClock, type FakeClock } from '../../devices/kit/clock.ts';
import type { Result } from '../../devices/kit/result.ts';
import { sha256Hex } from './canonical.ts';
import type { CaseBlob, Submission } from './cases.ts';
import { uuidV7 } from './uuid.ts';
import { openStore, type Store, type StoreOptions } from './open.ts';

/** Example numbers of GB 11643 and their like; they belong to nobody. */
export const applicantNumber = '11010519491231002X';
export const machineKey = Buffer.alloc(32, 7);
export const kioskId = 'ezhou-hall-01';
/** 2026-11-22 08:00 in the hall. */
export const morningMs = Date.UTC(2026, 10, 22, 0, 0);

export const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
};

export const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

export type Place = {
  folder: string;
  path: string;
  clock: FakeClock;
  open(options?: Partial<StoreOptions>): Result<Store>;
};

export const createPlace = (): Place & Disposable => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  const path = join(folder, 'kiosk.db');
  const clock = createFakeClock(morningMs);
  const open: Store[] = [];
  return {
    folder,
    path,
    clock,
    open(options = {}) {
      const result = openStore({ path, machineKey, kioskId, clock, ...options });
      if (result.ok) open.push(result.value);
      return result;
    },
    [Symbol.dispose]() {
      for (const store of open) store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const page = (size: number): CaseBlob => {
  const bytes = randomBytes(size);
  return { sha256: sha256Hex(bytes), mediaType: 'image/jpeg', bytes };
};

/** A whole submission: `pages` scans and a signature. */
export const submission = (
  pages: readonly CaseBlob[] = [page(1000)],
  {
    caseId = randomUUID(),
    sessionId = 'visit-1',
    at = morningMs,
  }: { caseId?: string; sessionId?: string; at?: number } = {},
): Submission => {
  const signature = page(200);
  const time = new Date(at).toISOString();
  return {
    caseId,
    sessionId,
    blobs: [...pages, signature],
    build: (receiptNumber) => ({
      caseId,
      receiptNumber,
      itemCode: 'OPEN-RESTAURANT',
      catalogueVersion: 1,
      applicant: { name: '张三', idType: 'residentIdCard', idNumber: applicantNumber, verifiedBy: 'idCardReader' },
      form: { shopName: '鄂州小面馆', areaSquareMetres: 62.5, hasGas: true, remark: null },
      materials: [
        {
          materialId: 'lease',
          name: '租赁合同',
          way: 'scanner',
          pages: pages.map(({ sha256, mediaType, bytes }) => ({ sha256, mediaType, bytes: bytes.length })),
        },
      ],
      signature: { digest: sha256Hex('what was signed'), imageSha256: signature.sha256, signedAt: time },
      submittedAt: time,
    }),
  };
};

/** Its ids rise with time, as those of the kiosk do. */
export const rating = (about: { caseId?: string; visitId?: string } = {}): Record<string, unknown> => ({
  ratingId: uuidV7(Date.now()),
  visitId: about.visitId ?? uuidV7(Date.now()),
  ...(about.caseId === undefined ? {} : { caseId: about.caseId }),
  level: 5,
  reasons: [],
  channel: 'screen',
  ratedAt: new Date(morningMs).toISOString(),
});
