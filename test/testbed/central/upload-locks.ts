// The tus library's locks over the books: one request at a time writes an upload, whichever process it came to. Chunks are whole in
// memory before the lock is asked for, so nobody holds one for long, and a process that dies lets go of its own.

import { ERRORS, type Locker } from '@tus/server';
import type { Books } from './books.ts';

const longestWaitMs = 20_000;

export const createUploadLocks = (books: Books): Locker => ({
  newLock(id) {
    let letGo = (): void => undefined;
    let ended: Promise<unknown> = Promise.resolve();
    return {
      async lock(stop) {
        const signal = AbortSignal.any([stop, AbortSignal.timeout(longestWaitMs)]);
        await new Promise<void>((resolve, reject) => {
          ended = books
            .alone(`upload:${id}`, signal, () => {
              resolve();
              return new Promise<void>((end) => {
                letGo = end;
              });
            })
            .catch((error: unknown) => {
              reject(
                signal.aborted ? new Error('the upload is busy', { cause: ERRORS.ERR_LOCK_TIMEOUT }) : (error as Error),
              );
            });
        });
      },
      async unlock() {
        letGo();
        await ended;
      },
    };
  },
});
