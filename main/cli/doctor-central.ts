// The doctor's look at the line to the centre: the kiosk's certificate, whether the centre answers, and whose clock is right.

import { systemClock } from '../../devices/kit/clock.ts';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { intakeContract } from '../contract/intake.ts';
import type { Text } from '../contract/text.ts';
import { endpointOf, failureOfStatus } from '../sync/central-client.ts';
import { createFetch } from '../sync/connection.ts';
import { exchange } from '../sync/exchange.ts';
import { failureView } from '../sync/failure-words.ts';
import { certificateWarnDays, loadTls } from '../sync/tls.ts';
import type { Finding } from './doctor-checks.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Clocks further apart than this make times on receipts look wrong. */
const clockToleranceMs = 2 * 60_000;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The files of mutual TLS: usable, and for how long. Nothing to say where none are configured. */
export const checkCertificate = async ({ central }: Pick<KioskConfig, 'central'>): Promise<Finding[]> => {
  if (!central.tls) return [];
  const topic = 'certificate';
  const loaded = loadTls(central.tls);
  if (!loaded.ok) {
    const { what, todo } = failureView('tlsNotReady');
    const { message } = loaded.error;
    return [{ topic, level: 'fail', what: { zh: `${what.zh}：${message}`, en: `${what.en}: ${message}` }, todo }];
  }
  const { subject, expiresAtMs } = loaded.value.certificate;
  const restMs = expiresAtMs - systemClock.now();
  if (restMs <= 0) {
    const { what, todo } = failureView('clientCertificateExpired');
    return [{ topic, level: 'fail', what: { zh: `${subject}：${what.zh}`, en: `${subject}: ${what.en}` }, todo }];
  }
  const days = Math.floor(restMs / dayMs);
  const what = { zh: `${subject} 还有 ${days} 天到期`, en: `${subject} runs out in ${days} days` };
  if (days > certificateWarnDays) return [{ topic, level: 'ok', what }];
  return [{ topic, level: 'warn', what, todo: failureView('clientCertificateExpired').todo }];
};

/** No network is no reason not to open: cases wait. So nothing here fails. */
export const checkCentral = async ({ central }: Pick<KioskConfig, 'central'>): Promise<Finding[]> => {
  const route = intakeContract.health['~orpc'].route.path ?? '/';
  const url = endpointOf(central.url, route);
  const topic = 'central';
  const later: Text = {
    zh: '检查网线、专网、防火墙和配置里的 central.url；没网时收件先存在本机',
    en: 'check cable, network, firewall and central.url; without a network cases wait in the kiosk',
  };
  const own = createFetch(central.tls);
  const answered = await exchange({
    fetch: own.fetch,
    clock: systemClock,
    url,
    method: 'GET',
    headers: { accept: 'application/json' },
    timeoutMs: central.requestTimeoutMs,
    signal: new AbortController().signal,
  });
  await own.close();
  if (!answered.ok) {
    const { code, message } = answered.error;
    const { what, todo } = failureView(code);
    return [
      {
        topic,
        level: 'warn',
        what: { zh: `${url}：${what.zh}(${message})`, en: `${url}: ${what.en} (${message})` },
        todo: code === 'unreachable' || code === 'timeout' ? later : todo,
      },
    ];
  }
  const { status, text } = answered.value;
  const refused = status === 200 ? undefined : failureOfStatus(answered.value, systemClock.now()).error;
  if (refused?.code === 'clientCertificateRefused') {
    const { what, todo } = failureView(refused.code);
    return [{ topic, level: 'warn', what: { zh: `${url}：${what.zh}`, en: `${url}: ${what.en}` }, todo }];
  }
  const health = intakeContract.health['~orpc'].outputSchema?.safeParse(parseJson(text));
  if (status !== 200 || health?.success !== true)
    return [
      {
        topic,
        level: 'warn',
        what: {
          zh: `${url} 应答了，但不是受理平台（状态 ${status}）`,
          en: `${url} answered, but not as the intake platform (status ${status})`,
        },
        todo: later,
      },
    ];
  const apartMs = Math.abs(Date.parse(health.data.now) - Date.now());
  return [
    { topic, level: 'ok', what: { zh: `${url} 正常`, en: `${url} is there` } },
    apartMs <= clockToleranceMs
      ? { topic: 'clock', level: 'ok', what: { zh: '本机时间与平台一致', en: 'this machine’s time is the centre’s' } }
      : {
          topic: 'clock',
          level: 'warn',
          what: {
            zh: `本机时间与平台相差 ${Math.round(apartMs / 1000)} 秒`,
            en: `this machine’s time is ${Math.round(apartMs / 1000)} s from the centre’s`,
          },
          todo: {
            zh: '打开时间同步（timedatectl set-ntp true）',
            en: 'switch time synchronisation on (timedatectl set-ntp true)',
          },
        },
  ];
};
