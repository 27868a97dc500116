import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDrafts, settleMs } from './drafts.ts';
import type { FieldValue } from './value-format.ts';

type Sent = { fieldId: string; value: FieldValue };

const setUp = (answer: (sent: Sent) => Promise<boolean> = () => Promise.resolve(true)) => {
  const sent: Sent[] = [];
  const drafts = createDrafts((fieldId, value) => {
    sent.push({ fieldId, value });
    return answer({ fieldId, value });
  });
  return { drafts, sent };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('while typing', () => {
  it('the text is there at once and the host hears of it only after a pause', async () => {
    const { drafts, sent } = setUp();
    for (const typed of ['张', '张三', '张三丰']) {
      drafts.type('name', typed, typed);
      expect(drafts.get('name')?.typed).toBe(typed);
      await vi.advanceTimersByTimeAsync(settleMs - 1);
    }
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([{ fieldId: 'name', value: '张三丰' }]);
  });

  it('a choice goes at once', () => {
    const { drafts, sent } = setUp();
    drafts.choose('hasSmoke', true);
    expect(sent).toEqual([{ fieldId: 'hasSmoke', value: true }]);
  });

  it('leaving the field sends it at once, and only once', async () => {
    const { drafts, sent } = setUp();
    drafts.type('name', '李', '李');
    await drafts.leave('name');
    await drafts.leave('name');
    await vi.advanceTimersByTimeAsync(settleMs * 3);
    expect(sent).toHaveLength(1);
  });
});

describe('"next"', () => {
  it('waits for every answer held back or still on its way', async () => {
    const pending: ((isTaken: boolean) => void)[] = [];
    const { drafts, sent } = setUp(() => new Promise((resolve) => pending.push(resolve)));
    drafts.type('name', '李', '李');
    await vi.advanceTimersByTimeAsync(settleMs);
    drafts.type('phone', '139', '139');
    let isFlushed = false;
    const flushed = drafts.flush().then(() => (isFlushed = true));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map((s) => s.fieldId)).toEqual(['name', 'phone']);
    expect(isFlushed).toBe(false);
    for (const resolve of pending) resolve(true);
    await flushed;
    expect(isFlushed).toBe(true);
  });

  it('a broken line loses nothing: the text stays and is sent again', async () => {
    let isBroken = true;
    const { drafts, sent } = setUp(() => Promise.resolve(!isBroken));
    drafts.type('name', '李四', '李四');
    await drafts.flush();
    expect(drafts.get('name')).toMatchObject({ typed: '李四', isSent: false });
    isBroken = false;
    await drafts.flush();
    expect(sent).toHaveLength(2);
    expect(drafts.get('name')?.isSent).toBe(true);
  });

  it('a failure of an old answer does not mark a newer one as unsent twice', async () => {
    const answers: ((isTaken: boolean) => void)[] = [];
    const { drafts, sent } = setUp(() => new Promise((resolve) => answers.push(resolve)));
    drafts.type('name', '李', '李');
    const first = drafts.leave('name');
    drafts.type('name', '李四', '李四');
    answers[0]!(false);
    await first;
    expect(drafts.get('name')).toMatchObject({ typed: '李四', value: '李四', isSent: false });
    expect(sent).toHaveLength(1);
  });
});

describe('a new view', () => {
  it('with the same value takes over from the draft', async () => {
    const { drafts } = setUp();
    const seen = vi.fn<() => void>();
    drafts.subscribe(seen);
    drafts.type('name', '李四', '李四');
    await drafts.leave('name');
    seen.mockClear();
    drafts.settle(new Map([['name', '李四']]), undefined);
    expect(drafts.get('name')).toBeUndefined();
    expect(seen).toHaveBeenCalledTimes(1);
  });

  it('with an older value does not take typed letters away', async () => {
    const { drafts } = setUp();
    drafts.type('name', '李四', '李四');
    await drafts.leave('name');
    drafts.settle(new Map([['name', '李']]), undefined);
    expect(drafts.get('name')?.typed).toBe('李四');
  });

  it('does not disturb the field that is being typed in', async () => {
    const { drafts } = setUp();
    drafts.type('sum', '300000.', 300000);
    await drafts.leave('sum');
    drafts.settle(new Map([['sum', 300000]]), 'sum');
    expect(drafts.get('sum')?.typed).toBe('300000.');
  });
});

it('once closed nothing more is sent', async () => {
  const { drafts, sent } = setUp();
  drafts.type('name', '李', '李');
  drafts.close();
  await vi.advanceTimersByTimeAsync(settleMs * 2);
  await drafts.flush();
  expect(sent).toEqual([]);
});
