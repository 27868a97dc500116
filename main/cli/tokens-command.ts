// `tokens verify CODE`: what this kiosk would say to an appointment, pick-up or deposit code, and why. It looks at no books and spends
// nothing; what the code is about is told, as the person in front of the reader would see it.

import { tokenPurposes, type TokenPurpose } from '../contract/tokens.ts';
import { tokenTroubles } from '../journeys/token-words.ts';
import { openToken, uuidOf } from '../tokens/codec.ts';
import { readIssuers } from '../tokens/issuers.ts';
import { verifyToken } from '../tokens/verify.ts';
import { misused, stringOf, type Command } from './command.ts';
import { configFor } from './live-devices.ts';
import { configOption } from './store-file.ts';

const isPurpose = (text: string): text is TokenPurpose => tokenPurposes.some((purpose) => purpose === text);

export const tokensVerify: Command = {
  usage: 'tokens verify CODE',
  summary: {
    zh: '核验一个预约码、取件码或存件码（不消费）',
    en: 'verify an appointment, pick-up or deposit code (spends nothing)',
  },
  options: {
    config: configOption,
    purpose: {
      type: 'string',
      value: 'PURPOSE',
      help: {
        zh: `按这个用途核验：${tokenPurposes.join('、')}；不写就按码上的用途`,
        en: `verify for this purpose: ${tokenPurposes.join(', ')}; the code’s own when absent`,
      },
    },
  },
  run({ positionals: [code = ''], values, isJson }, io) {
    const file = stringOf(values['config']);
    if (file === undefined)
      return Promise.resolve(misused(io, '请用 --config 指出配置文件', 'name the configuration with --config'));
    const asked = stringOf(values['purpose']);
    if (asked !== undefined && !isPurpose(asked))
      return Promise.resolve(misused(io, `没有这种用途：${asked}`, `there is no purpose ${asked}`));
    const config = configFor(file, io);
    if (!config) return Promise.resolve(1);
    const payload = openToken(code)?.payload;
    const verified = verifyToken(code, {
      keys: readIssuers([config.tokens.issuers], (message) => io.err(message)),
      algorithms: config.tokens.algorithms,
      purpose: asked ?? payload?.p ?? 'appointment',
      kioskId: config.kiosk.id,
      hallCode: config.kiosk.hallCode,
      nowMs: Date.now(),
    });
    const about = payload && {
      purpose: payload.p,
      issuer: payload.k,
      tokenId: uuidOf(payload.i),
      where: payload.w,
      notBefore: new Date(payload.n * 1000).toISOString(),
      expires: new Date(payload.e * 1000).toISOString(),
    };
    const refusal = verified.ok ? undefined : verified.error;
    if (isJson) {
      io.out(
        JSON.stringify({ ok: verified.ok, ...(refusal ? { code: refusal.code, why: refusal.message } : {}), ...about }),
      );
    } else {
      const words = refusal && tokenTroubles[refusal.code][io.language].what;
      io.out(words ?? (io.language === 'zh' ? '有效' : 'It is good'));
      if (refusal) io.out(`${refusal.code}: ${refusal.message}`);
      for (const [name, value] of Object.entries(about ?? {})) io.out(`${name}: ${value}`);
    }
    return Promise.resolve(verified.ok ? 0 : 1);
  },
};
