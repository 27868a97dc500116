import { ORPCError } from '@orpc/client';
import { expect, test } from 'vitest';
import { failureOf } from './failures.ts';

test('a refusal keeps the host’s code, its sentence and when a lock ends', () => {
  const data = { code: 'locked', message: 'the account is locked', untilMs: 5 };
  expect(failureOf(new ORPCError('REFUSED', { data }))).toEqual({
    type: 'refused',
    code: 'locked',
    detail: 'the account is locked',
    untilMs: 5,
  });
});

test('an account that may not is told apart from a host that is gone', () => {
  expect(failureOf(new ORPCError('FORBIDDEN', { message: 'no' })).type).toBe('forbidden');
  expect(failureOf(new Error('no host')).type).toBe('noHost');
});

test('a bug of the host is no refusal', () => {
  expect(failureOf(new ORPCError('INTERNAL_SERVER_ERROR', { message: 'boom' }))).toEqual({
    type: 'failed',
    code: 'INTERNAL_SERVER_ERROR',
    detail: 'boom',
  });
});
