// Review, sign, submit. The hand signature is bound by hash to exactly what was reviewed: any later change asks for it again.

import type { Item } from '../../contract/catalogue.ts';
import type { Outcome, World } from '../events.ts';
import { stay, withStep } from '../moves.ts';
import type { Application, Session, Step } from '../state.ts';
import { withApplication, type Part } from './part.ts';
import { answers } from './form.ts';
import { enterReceipt } from './receipt.ts';

type SignStep = Extract<Step, { type: 'review' | 'sign' | 'submit' }>;

export const enterReview = (session: Session): Outcome => withStep(session, { type: 'review' });

/** What is signed: item, person, answers and the hashes of all that was handed over. */
export const signedDigest = (session: Session, application: Application, item: Item, world: World): string =>
  world.digest({
    item: item.code,
    catalogue: world.catalogue.version,
    case: application.caseId,
    applicant: { name: session.person?.name, number: session.person?.number },
    form: answers(application),
    materials: Object.entries(application.materials)
      .filter(([, held]) => held.done)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, held]) => ({
        id,
        way: held.way,
        pages: held.pages.map(({ sha256 }) => sha256),
        code: held.code,
        licence: held.licence?.state,
      })),
  });

export const signNext = (part: Part, step: SignStep): Outcome => {
  const { session, application, item, event, world } = part;
  switch (event.type) {
    case 'signatureSaved': {
      if (step.type !== 'sign') return stay(session);
      const signature = { digest: event.digest, imageSha256: event.imageSha256, signedAtMs: part.now };
      return withStep(withApplication(session, { signature }), { type: 'submit', phase: 'ready' });
    }
    case 'signatureFailed':
      return step.type === 'sign'
        ? withStep(session, { type: 'sign', saving: false, trouble: event.trouble })
        : stay(session);
    case 'caseSaved': {
      if (step.type !== 'submit' || event.caseId !== application.caseId) return stay(session);
      const receipt = { number: event.receiptNumber, submittedAtMs: part.now };
      const deposit = event.deposit && { ...event.deposit, state: 'reserved' as const };
      return enterReceipt(withApplication(session, deposit ? { receipt, deposit } : { receipt }), part);
    }
    case 'caseFailed':
      return step.type === 'submit'
        ? withStep(session, { type: 'submit', phase: 'failed', trouble: event.trouble })
        : stay(session);
    case 'resumed':
      // Saving is idempotent by case id, so asking again is safe whether or not it had happened.
      if (step.type === 'submit' && step.phase === 'saving') return stay(session, [{ type: 'saveCase' }]);
      if (step.type === 'sign' && step.saving) return withStep(session, { type: 'sign', saving: false });
      return stay(session);
    case 'intent':
      break;
    default:
      return stay(session);
  }
  const { intent } = event;
  if (step.type === 'review') {
    switch (intent.type) {
      case 'back':
        return withStep(
          session,
          item.materials.length > 0
            ? { type: 'materials' }
            : { type: 'form', page: item.form.pages.length - 1, showErrors: false },
        );
      case 'showPage':
        return intent.page < item.form.pages.length
          ? withStep(session, { type: 'form', page: intent.page, showErrors: true })
          : withStep(session, { type: 'materials' });
      case 'next': {
        // A code may have filled a field after the form was checked.
        const wrong = world.validate(item, answers(application)).map(({ fieldId }) => fieldId);
        const firstWrong = item.form.pages.findIndex(({ fields }) => fields.some(({ id }) => wrong.includes(id)));
        if (firstWrong >= 0) return withStep(session, { type: 'form', page: firstWrong, showErrors: true });
        return withStep(session, { type: 'sign', saving: false });
      }
      default:
        return stay(session);
    }
  }
  if (step.type === 'sign') {
    if (intent.type === 'back' && !step.saving) return withStep(session, { type: 'review' });
    if (intent.type !== 'sign' || step.saving) return stay(session);
    const digest = signedDigest(session, application, item, world);
    if (digest !== intent.digest)
      return withStep(session, { type: 'sign', saving: false, trouble: { code: 'signedTextChanged' } });
    return withStep(session, { type: 'sign', saving: true }, [
      { type: 'saveSignature', strokes: intent.strokes, digest },
    ]);
  }
  if (intent.type === 'back' && step.phase !== 'saving') return withStep(session, { type: 'sign', saving: false });
  if (intent.type !== 'next' || step.phase === 'saving') return stay(session);
  if (application.signature?.digest !== signedDigest(session, application, item, world))
    return withStep(session, { type: 'sign', saving: false, trouble: { code: 'signedTextChanged' } });
  return withStep(session, { type: 'submit', phase: 'saving' }, [{ type: 'saveCase' }]);
};
