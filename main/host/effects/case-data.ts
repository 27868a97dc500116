// The five groups of 办件 data of a case, from what the visit holds.

import type { Item } from '../../contract/catalogue.ts';
import type { CaseData } from '../../contract/intake.ts';
import type { Application, HeldMaterial } from '../../journeys/state.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** The answer to the form's field for a 统一社会信用代码, where it has one. */
export const creditCodeOf = (item: Item, application: Application): string | undefined => {
  const field = item.form.pages.flatMap(({ fields }) => fields).find(({ kind }) => kind === 'uscc');
  const answer = field && application.form[field.id];
  return typeof answer === 'string' && answer !== '' ? answer.toUpperCase() : undefined;
};

const formOf = ({ way }: HeldMaterial): CaseData['materials'][number]['form'] =>
  way === 'library' ? 'licence' : way === 'qr' ? 'code' : 'scan';

export const caseDataOf = (item: Item, application: Application, nowMs: number): CaseData => {
  const passed = application.passed ?? [];
  const creditCode = creditCodeOf(item, application);
  return {
    intake: {
      channel: 'kiosk',
      itemName: item.name.zh,
      applicantKind: item.applicant === 'agentOfEnterprise' ? 'enterprise' : 'person',
      ...(creditCode === undefined ? {} : { creditCode }),
      submittedAt: iso(nowMs),
    },
    process: passed.map(({ step, atMs }) => ({ step, at: iso(atMs) })),
    isClockChanged: [...passed.map(({ atMs }) => atMs), nowMs].some((ms, at, all) => ms < (all[at - 1] ?? ms)),
    specialProcedures: [],
    materials: item.materials.flatMap((material) => {
      const held = application.materials[material.id];
      if (!held?.done) return [];
      return [
        {
          materialId: material.id,
          isRequired: material.required,
          form: formOf(held),
          pages: held.pages.length,
          isOriginalKept: material.original && held.pages.length > 0,
        },
      ];
    }),
    result: { state: 'pending', document: item.result.zh, dueWorkingDays: item.duration.workingDays },
  };
};
