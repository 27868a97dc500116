// Answers on their way to the host. The screen shows what is typed at once; the host gets it 300 ms after the last key, and at
// once when the field is left or "next" is pressed.
//
//   key ─► draft (shown) ──300 ms──► setField ─► host ─► view with the same value ─► draft dropped, the host's value is shown

import type { FieldValue } from './value-format.ts';

export const settleMs = 300;

/** `typed` is the text in the field (absent for buttons); `value` what is or will be sent. */
export type Draft = { typed?: string; value: FieldValue; isSent: boolean };

export type Drafts = {
  get(fieldId: string): Draft | undefined;
  /** Sets what is shown and sends it after `settleMs` without another change of that field. */
  type(fieldId: string, typed: string, value: FieldValue): void;
  /** A choice needs no settling. */
  choose(fieldId: string, value: FieldValue): void;
  /** Sends what this field still holds back. Resolves when the host has it. */
  leave(fieldId: string): Promise<void>;
  /** Sends everything held back, in the order typed, and waits for what is still on its way. */
  flush(): Promise<void>;
  /** A new view: a draft that the host now holds is dropped, unless its field is being typed in. */
  settle(values: ReadonlyMap<string, FieldValue>, typingIn: string | undefined): void;
  subscribe(listener: () => void): () => void;
  /** Grows with every change; for `useSyncExternalStore`. */
  version(): number;
  /** Stops timers; what was not sent is dropped with the screen. */
  close(): void;
};

/** @param send hands one answer to the host; `false` (not taken) leaves the draft in the field, so nothing typed is lost. */
export const createDrafts = (send: (fieldId: string, value: FieldValue) => Promise<boolean>): Drafts => {
  const drafts = new Map<string, Draft>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const underWay = new Map<string, Promise<void>>();
  const listeners = new Set<() => void>();
  let version = 0;
  let isClosed = false;

  const changed = (): void => {
    version++;
    for (const listener of listeners) listener();
  };

  const sendNow = async (fieldId: string, draft: Draft): Promise<void> => {
    drafts.set(fieldId, { ...draft, isSent: true });
    if (await send(fieldId, draft.value)) return;
    // The line to the host is broken. The text stays; the next change, "next" or leaving the field sends it again.
    const now = drafts.get(fieldId);
    if (now && now.value === draft.value) drafts.set(fieldId, { ...now, isSent: false });
  };

  const deliver = async (fieldId: string): Promise<void> => {
    clearTimeout(timers.get(fieldId));
    timers.delete(fieldId);
    const draft = drafts.get(fieldId);
    if (isClosed) return;
    if (draft && !draft.isSent) underWay.set(fieldId, sendNow(fieldId, draft));
    await underWay.get(fieldId);
  };

  return {
    get: (fieldId) => drafts.get(fieldId),
    type(fieldId, typed, value) {
      drafts.set(fieldId, { typed, value, isSent: false });
      clearTimeout(timers.get(fieldId));
      timers.set(
        fieldId,
        setTimeout(() => void deliver(fieldId), settleMs),
      );
      changed();
    },
    choose(fieldId, value) {
      drafts.set(fieldId, { value, isSent: false });
      changed();
      void deliver(fieldId);
    },
    leave: deliver,
    async flush() {
      await Promise.all([...new Set([...drafts.keys(), ...underWay.keys()])].map(deliver));
    },
    settle(values, typingIn) {
      let isChanged = false;
      for (const [fieldId, draft] of drafts) {
        if (fieldId === typingIn || !draft.isSent || values.get(fieldId) !== draft.value) continue;
        drafts.delete(fieldId);
        isChanged = true;
      }
      if (isChanged) changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: () => version,
    close() {
      isClosed = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      drafts.clear();
      underWay.clear();
    },
  };
};
