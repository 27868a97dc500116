// Expected failures are values. A bug throws; everything a device, a wire or a person can do wrong comes back as `Result`.

/** Who has to act so that a fault goes away (after XFS4IoT's ErrorEvent action). */
export type Who = 'citizen' | 'hall' | 'engineer' | 'system';

/** `code` is stable and looked up in the fault tables; `message` is English, for logs, and carries no personal data. */
export type Failure<Code extends string = string> = { code: Code; who: Who; message: string };

export type Result<T, Code extends string = string> = { ok: true; value: T } | { ok: false; error: Failure<Code> };

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });

export const fail = <Code extends string>(
  code: Code,
  who: Who,
  message: string,
): { ok: false; error: Failure<Code> } => ({ ok: false, error: { code, who, message } });
