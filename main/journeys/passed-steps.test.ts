import { describe, expect, it } from 'vitest';
import { card, createPlayer } from './test-world.ts';

describe('the course of an application', () => {
  it('is written down step by step, with the time of each entry', () => {
    const player = createPlayer();
    player.toGuide();
    player.later(1000);
    player.intent({ type: 'next' });
    player.later(1000);
    player.send({ type: 'cardRead', attempt: player.attempt(), card });
    player.intent({ type: 'next' });
    player.intent({ type: 'back' });
    const passed = player.session().application?.passed ?? [];
    expect(passed.map(({ step }) => step).slice(0, 3)).toEqual(['guide', 'identify', 'form']);
    expect((passed[2]?.atMs ?? 0) - (passed[0]?.atMs ?? 0)).toBe(2000);
  });

  it('stays bounded however often somebody goes to and fro', () => {
    const player = createPlayer();
    player.toForm();
    for (let time = 0; time < 300; time += 1) {
      player.intent({ type: 'back' });
      player.intent({ type: 'next' });
    }
    expect(player.session().application?.passed?.length).toBeLessThanOrEqual(200);
  });
});
