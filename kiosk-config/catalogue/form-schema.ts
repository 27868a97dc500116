// A form's JSON Schema (2020-12), compiled. ajv runs strictly: a misspelt keyword or an unknown format is an error of the catalogue,
// never a rule that silently does nothing.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Form } from '../../main/contract/catalogue.ts';
import { checkCitizenId, isCnPhone, isDate, isForeignerCardNumber2017, isUscc } from './formats.ts';

/** One property of a form's schema, as far as messages and checks read it. */
export type FormProperty = {
  type?: string;
  format?: string;
  enum?: readonly unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  /** Our own annotation on dates: not after, or not before, the day on which the form is filled in. */
  'x-when'?: 'past' | 'future';
};

/** The end of time: whether a birth date is in the future depends on the day and is checked beside the schema. */
const noToday = '9999-12-31';

/** Right by its own check digit. Age and future are left to `validateForm`, which knows the day. */
const looksLikeIdNumber = (text: string): boolean => {
  const checked = checkCitizenId(text, noToday);
  return checked.ok || checked.fault === 'tooOld' || isForeignerCardNumber2017(text);
};

const createAjv = (): Ajv2020 => {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    // Each form is compiled once and run a few times: compiling fast counts, running fast does not.
    code: { optimize: false },
    formats: { 'citizen-id': looksLikeIdNumber, uscc: isUscc, 'cn-phone': isCnPhone, date: isDate },
  });
  ajv.addKeyword({ keyword: 'x-when', schemaType: 'string', metaSchema: { enum: ['past', 'future'] } });
  return ajv;
};

/**
 * ajv keeps something of every schema that it ever compiled, and catalogues are replaced while the kiosk runs for months; so the
 * instance is renewed now and then. Making one for each form would cost some 20 ms each: its meta-schema is compiled anew.
 */
const formsPerInstance = 300;
let shared: { ajv: Ajv2020; forms: number } | undefined;

const compiled = new WeakMap<object, ValidateFunction>();

/** Compiles once for each schema object; throws what ajv throws when the schema itself is wrong (see `check.ts`). */
export const formValidator = (schema: Form['schema']): ValidateFunction => {
  const known = compiled.get(schema);
  if (known) return known;
  if (!shared || shared.forms >= formsPerInstance) shared = { ajv: createAjv(), forms: 0 };
  shared.forms++;
  const { ajv } = shared;
  try {
    const validate = ajv.compile(schema);
    compiled.set(schema, validate);
    return validate;
  } finally {
    ajv.removeSchema(schema);
  }
};

export const propertiesOf = (form: Form): Readonly<Record<string, FormProperty>> => {
  const properties = form.schema['properties'];
  return typeof properties === 'object' && properties !== null ? (properties as Record<string, FormProperty>) : {};
};

export const requiredOf = (form: Form): ReadonlySet<string> => {
  const required = form.schema['required'];
  return new Set(Array.isArray(required) ? required.filter((id) => typeof id === 'string') : []);
};
