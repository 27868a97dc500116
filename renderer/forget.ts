// After a visit the page loads anew, but what the old page held (numbers that were typed, views that were shown) stays readable in the process
// until its garbage is collected, and nobody says when. The window is started so that a page may ask for it, and freed memory is cleared.

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/** Once when the old page has just gone, once when whatever was still on its way for it has gone too. */
const whenMs = [300, 1500] as const;

export const forgetEarlierPage = (
  collect: Collect | undefined = (globalThis as { gc?: Collect }).gc,
  later: (act: () => void, ms: number) => unknown = setTimeout,
): void => {
  if (collect === undefined) return;
  for (const ms of whenMs) later(() => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }), ms);
};
