import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { signInSchema } from '../../main/contract/console.ts';
import { cleanAccount, cleanPin, isAccount, isPin } from './credentials.ts';

test('what the sign-in page lets through is never refused for its shape', () => {
  assert(
    property(string(), string(), (typedAccount, typedPin) => {
      const account = cleanAccount(typedAccount);
      const pin = cleanPin(typedPin);
      expect(signInSchema.safeParse({ account, pin }).success).toBe(isAccount(account) && isPin(pin));
    }),
  );
});

test('capitals and blanks of a desk keyboard do no harm', () => {
  expect(cleanAccount(' Li.Hua-2 ')).toBe('li.hua-2');
  expect(cleanPin('12 34-56')).toBe('123456');
});
