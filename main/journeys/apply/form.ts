// One form for all departments, prefilled from the card, answered page by page. Wrong input is kept and explained, never lost.

import type { Item } from '../../contract/catalogue.ts';
import type { Outcome } from '../events.ts';
import { stay, withStep } from '../moves.ts';
import type { Application, Person, Session, Step, Value } from '../state.ts';
import { withApplication, type Part } from './part.ts';

type FormStep = Extract<Step, { type: 'form' }>;

const fromCard = (source: string, person: Person): Value | undefined => {
  switch (source) {
    case 'card.name':
      return person.name;
    case 'card.number':
      return person.number;
    case 'card.sex':
      return person.sex;
    case 'card.birthDate':
      return person.birthDate;
    case 'card.address':
      return person.address;
    case 'card.ethnicity':
      return person.ethnicity?.name;
    case 'card.validTo':
      return person.validTo ?? '长期';
    default:
      return undefined;
  }
};

export const enterForm = (session: Session, application: Application, item: Item, person: Person): Outcome => {
  const form = { ...application.form };
  const from = { ...application.from };
  for (const field of item.form.pages.flatMap(({ fields }) => fields)) {
    const value = field.prefill && fromCard(field.prefill, person);
    if (value === undefined || value === '') continue;
    form[field.id] = value;
    from[field.id] = 'card';
  }
  return withStep(withApplication(session, { form, from }), { type: 'form', page: 0, showErrors: false });
};

/** Screens send what was typed; JSON Schema wants numbers where it says so. */
const typed = (kind: string, value: Value): Value => {
  if (value === '') return null;
  if ((kind === 'number' || kind === 'money') && typeof value === 'string') {
    const number = Number(value);
    return Number.isFinite(number) && value.trim() !== '' ? number : value;
  }
  return value;
};

/** Values without the empty ones, as the schema expects them. */
export const answers = (application: Application): Record<string, Exclude<Value, null>> =>
  Object.fromEntries(
    Object.entries(application.form).filter((entry): entry is [string, Exclude<Value, null>] => entry[1] !== null),
  );

export const formNext = ({ session, application, item, event, world }: Part, step: FormStep): Outcome => {
  if (event.type !== 'intent') return stay(session);
  const { intent } = event;
  const page = item.form.pages[step.page];
  switch (intent.type) {
    case 'setField': {
      const field = item.form.pages.flatMap(({ fields }) => fields).find(({ id }) => id === intent.fieldId);
      // What the card says is not typed over; a wrong card is a matter for the issuing office.
      if (!field || application.from[field.id] === 'card') return stay(session);
      const { [field.id]: _replaced, ...from } = application.from;
      return stay(
        withApplication(session, {
          form: { ...application.form, [field.id]: typed(field.kind, intent.value) },
          from,
          visited: application.visited.includes(field.id) ? application.visited : [...application.visited, field.id],
        }),
      );
    }
    case 'back':
      return step.page > 0
        ? withStep(session, { type: 'form', page: step.page - 1, showErrors: false })
        : withStep(session, { type: 'guide' });
    case 'next': {
      const wrong = world.validate(item, answers(application)).map(({ fieldId }) => fieldId);
      if (page?.fields.some(({ id }) => wrong.includes(id))) return withStep(session, { ...step, showErrors: true });
      if (step.page + 1 < item.form.pages.length)
        return withStep(session, { type: 'form', page: step.page + 1, showErrors: false });
      // A later change may have spoilt an earlier page: go to the first that is wrong.
      const firstWrong = item.form.pages.findIndex(({ fields }) => fields.some(({ id }) => wrong.includes(id)));
      if (firstWrong >= 0) return withStep(session, { type: 'form', page: firstWrong, showErrors: true });
      return withStep(session, item.materials.length > 0 ? { type: 'materials' } : { type: 'review' });
    }
    default:
      return stay(session);
  }
};
