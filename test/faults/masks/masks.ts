// Every screen and every paper of a visit, for N people: no number, birth date, name or address of theirs may stand there whole. Of a
// number the first three and the last two characters may, of a name all but its middle, of an address what lies before the house.
//
//   person ─▶ the journey's machine, step by step ─▶ view / printed document ─▶ searched as text

import type { IdCard } from '../../../devices/id-card-reader/api.ts';
import { createPlayer, createWorld } from '../../../main/journeys/test-world.ts';
import { createRandom } from '../random.ts';
import { person } from './people.ts';

export type MaskReport = {
  people: number;
  screens: number;
  papers: number;
  /** Places where something stood whole. */
  leaks: number;
  /** People whose data the search found in the journey's own state, where it has to be: without that the rest proves nothing. */
  controls: number;
  byScreen: Record<string, number>;
  failures: string[];
};

export const isMaskClean = (report: MaskReport): boolean =>
  report.people > 0 && report.leaks === 0 && report.controls === report.people && report.failures.length === 0;

/** Most that may stand together of the number's digits, and how a birth date is written. */
const hiddenPartsOf = ({ number, birthDate, name, address = '' }: IdCard): Record<string, string[]> => {
  const [year = '', month = '', day = ''] = birthDate.split('-');
  const plain = `${Number(month)}月${Number(day)}日`;
  return {
    // Any six that follow each other, of those that the mask hides.
    number: Array.from({ length: number.length - 5 - 5 }, (_, at) => number.slice(3 + at, 9 + at)),
    birthDate: [birthDate, birthDate.replaceAll('-', ''), `${year}年${plain}`, `${year}/${month}/${day}`],
    name: [name],
    address: [address, address.slice(-Math.floor(address.length / 2))],
  };
};

const found = (text: string, parts: Record<string, string[]>): string | undefined =>
  Object.entries(parts).find(([, needles]) => needles.some((needle) => text.includes(needle)))?.[0];

const world = createWorld();

const visit = (holder: IdCard, report: MaskReport): void => {
  const parts = hiddenPartsOf(holder);
  const look = (text: string, where: string): void => {
    // A hash says nothing about anybody, and by chance any six digits stand in one.
    const what = found(text.replaceAll(/[0-9a-f]{64}/g, ''), parts);
    if (what === undefined) return;
    report.leaks += 1;
    if (report.failures.length < 20) report.failures.push(`${where} shows a whole ${what}`);
  };
  const player = createPlayer(world, holder);
  const inspect = (): void => {
    const view = player.view();
    report.screens += 1;
    report.byScreen[view.screen.type] = (report.byScreen[view.screen.type] ?? 0) + 1;
    look(JSON.stringify(view), `screen ${view.screen.type}`);
    for (const effect of player.effects())
      if (effect.type === 'print') {
        report.papers += 1;
        look(JSON.stringify(effect), 'paper');
      }
  };
  // The player moves through these itself; each step is looked at.
  const { send } = player;
  player.send = (event) => {
    const effects = send(event);
    if (player.state().session) inspect();
    return effects;
  };
  player.toReceipt();
  const session = JSON.stringify(player.session());
  if (Object.values(parts).every((needles) => needles.some((needle) => session.includes(needle)))) report.controls += 1;
  const { step } = player.session();
  if (step.type === 'receipt') player.send({ type: 'printEnded', jobId: step.printing.jobId, outcome: 'unconfirmed' });
  player.intent({ type: 'answerPrinted', cameOut: false });
  player.intent({ type: 'next' });
  player.later(61_000);
  player.send({ type: 'tick' });
};

export const runMasks = (
  people: number,
  seed: number,
  tell: (done: number, of: number) => void = () => undefined,
): MaskReport => {
  const random = createRandom(seed);
  const report: MaskReport = { people: 0, screens: 0, papers: 0, leaks: 0, controls: 0, byScreen: {}, failures: [] };
  while (report.people < people) {
    visit(person(random), report);
    report.people += 1;
    tell(report.people, people);
  }
  return report;
};
