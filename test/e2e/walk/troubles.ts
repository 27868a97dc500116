// A visit on which everything goes wrong once: each trouble is seen on the screen in words, put right as a person would, and the
// visit goes on with nothing lost and nothing done twice.

import type { Visit } from './restaurant.ts';

type Acts = Record<string, (visit: Visit) => Promise<void>>;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** The first cell of an empty locker. */
const firstCell = '1';
const showingMs = 3000;

/** A card of an unknown type, then a frame cut short and one with a wrong checksum. */
const cardTroubles = async ({ hand, demo, note }: Visit): Promise<void> => {
  await demo.hall.turn('id-card-reader', 'faultOnce', 'unknownType@read');
  await demo.hall.turn('id-card-reader', 'place', 'resident');
  await hand.waitFor('这张卡不能在这里读', 30_000);
  note.asked.push('card: unknown type was refused');
  await demo.hall.turn('id-card-reader', 'lift');
  await demo.hall.turn('id-card-reader', 'faultOnce', 'cutShort@read');
  await demo.hall.turn('id-card-reader', 'faultOnce', 'badChecksum@read');
};

const codeTroubles = async ({ hand, demo, note }: Visit): Promise<void> => {
  await demo.hall.turn('qr-reader', 'showRandom4096');
  await hand.waitFor('没有读到能用的二维码', 30_000);
  // The random bytes take seconds to pass, and a code shown among them is lost: it is held up again, as a person would.
  for (let showing = 1; ; showing += 1) {
    await pause(showingMs);
    await demo.hall.turn('qr-reader', 'show', 'https://pay.example/1');
    try {
      await hand.waitFor('这个二维码不是这份材料的', 10_000);
      break;
    } catch (error) {
      if (showing === 4) throw error;
    }
  }
  note.asked.push('code: random bytes and a foreign code were refused');
};

export const troubledActs = (acts: Acts): Acts => {
  const seen = new Set<string>();
  const once = (name: string): boolean => !seen.has(name) && Boolean(seen.add(name));
  return {
    ...acts,
    async identify(visit) {
      if (once('card')) await cardTroubles(visit);
      await acts['identify']?.(visit);
    },
    async materials(visit) {
      const page = await visit.hand.page();
      const way = await page.locator('[data-screen]').first().getAttribute('data-way');
      if (way === 'qr' && once('code')) await codeTroubles(visit);
      await acts['materials']?.(visit);
    },
    async submit(visit) {
      // The roll ends in the middle of the receipt.
      if (once('paper')) await visit.demo.hall.turn('ticket-printer', 'fault', 'paperOutMidJob');
      await acts['submit']?.(visit);
    },
    async receipt(visit) {
      if (once('load')) {
        await visit.hand.waitFor('小票纸用完了', 30_000);
        visit.note.asked.push('printer: stood still without paper');
        await visit.demo.hall.turn('ticket-printer', 'fault', 'none');
        await visit.demo.hall.turn('ticket-printer', 'loadPaper');
      }
      await acts['receipt']?.(visit);
    },
    async locker(visit) {
      const page = await visit.hand.page();
      const phase = await page.locator('[data-phase]').first().getAttribute('data-phase');
      if (phase === 'offer' && once('jam')) await visit.demo.hall.turn('locker', 'jam', firstCell);
      if (phase === 'failed' && once('free')) {
        visit.note.asked.push('locker: the door did not open');
        await visit.demo.hall.turn('locker', 'free', firstCell);
      }
      // The door is left open for a while.
      if (phase === 'open' && once('slow')) await pause(3000);
      await acts['locker']?.(visit);
    },
  };
};
