// One line a check on the console, read by the process that started the guest.

const say = (line: string): void => void process.stdout.write(`${line}\n`);
let failed = 0;
let wanted: string | undefined;

/** Only checks whose name holds this word are made. */
export const choose = (word: string | undefined): void => {
  wanted = word;
};

export const isChosen = (name: string): boolean => wanted === undefined || name.includes(wanted);

export const note = (text: string): void => say(`#note ${text}`);

/** Three times what a busy machine needed for the longest. */
const limitMs = 600_000;

/** Makes one check. What it answers is told beside its name; what it throws is why it failed. */
export const check = async (name: string, act: () => Promise<string | void> | string | void): Promise<void> => {
  if (!isChosen(name)) return;
  const startedMs = Date.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it did not come to an end')), limitMs);
  });
  try {
    const detail = await Promise.race([act(), late]);
    const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
    say(`#check ok ${name} (${seconds} s)${typeof detail === 'string' && detail !== '' ? `: ${detail}` : ''}`);
  } catch (error) {
    failed += 1;
    say(`#check FAIL ${name}: ${(error instanceof Error ? error.message : String(error)).replaceAll('\n', ' · ')}`);
  } finally {
    clearTimeout(timer);
  }
};

export const failures = (): number => failed;

export const expect = (isRight: boolean, message: string): void => {
  if (!isRight) throw new Error(message);
};

export const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the condition holds; says what was waited for when it does not in time. */
export const until = async (what: string, condition: () => boolean, withinMs = 30_000): Promise<void> => {
  const endMs = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > endMs) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await rest(20);
  }
};
