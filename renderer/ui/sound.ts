// Soft tones for touch, done and attention, made on the spot. The browser lets a page sound only after a person touched it, so the
// audio context is made at the first touch and what comes before stays silent.

type Tone = { hz: number; fromMs: number; lengthMs: number; level: number };

const tones = {
  touch: [{ hz: 660, fromMs: 0, lengthMs: 45, level: 0.05 }],
  done: [
    { hz: 587, fromMs: 0, lengthMs: 140, level: 0.1 },
    { hz: 880, fromMs: 120, lengthMs: 260, level: 0.1 },
  ],
  attention: [
    { hz: 740, fromMs: 0, lengthMs: 180, level: 0.11 },
    { hz: 587, fromMs: 220, lengthMs: 260, level: 0.11 },
  ],
} as const satisfies Record<string, readonly Tone[]>;

export type SoundName = keyof typeof tones;

let context: AudioContext | undefined;

/** Called once by the page: the first touch opens the sound. */
export const openSoundAtFirstTouch = (target: Window): void => {
  const open = (): void => {
    context ??= new AudioContext();
    void context.resume();
  };
  target.addEventListener('pointerdown', open, { capture: true });
  target.addEventListener('keydown', open, { capture: true });
};

/** Plays a tone if the page may sound; never throws. */
export const play = (name: SoundName): void => {
  if (context === undefined || context.state !== 'running') return;
  for (const tone of tones[name]) {
    const from = context.currentTime + tone.fromMs / 1000;
    const to = from + tone.lengthMs / 1000;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.type = 'sine';
    oscillator.frequency.value = tone.hz;
    // A short rise and a long fall: without them every tone starts and ends with a click.
    gain.gain.setValueAtTime(0.0001, from);
    gain.gain.exponentialRampToValueAtTime(tone.level, from + 0.012);
    gain.gain.exponentialRampToValueAtTime(0.0001, to);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(from);
    oscillator.stop(to + 0.02);
  }
};
