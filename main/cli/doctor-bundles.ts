// The doctor's question about what comes down from the centre: is there a root to trust, and is it one?

import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { readRoot } from '../bundles/read-root.ts';
import { readFirstRoot } from '../bundles/trust.ts';
import type { Finding } from './doctor-checks.ts';

const topic = 'bundles';
const soonMs = 30 * 24 * 60 * 60 * 1000;

export const checkBundleRoot = async ({ central }: Pick<KioskConfig, 'central'>): Promise<Finding[]> => {
  if (central.bundleRoot === undefined)
    return [
      {
        topic,
        level: 'warn',
        what: {
          zh: '没有配置签名根，不接收平台下发的目录、公告和号段，只用机内的文件',
          en: 'no signed root is configured: catalogue, notices and number blocks of the centre are not taken, the files on this machine serve',
        },
        todo: {
          zh: '需要时向平台索取签名根文件，填到 central.bundleRoot',
          en: 'where they are wanted, get the root file from the centre and name it in central.bundleRoot',
        },
      },
    ];
  const read = readRoot(central.bundleRoot);
  const root = 'bytes' in read ? readFirstRoot(read.bytes) : undefined;
  if (!root?.ok) {
    const why = 'problem' in read ? read.problem : root?.error.message;
    return [
      {
        topic,
        level: 'fail',
        what: { zh: `签名根不能用（${why}）`, en: `the signed root cannot be used (${why})` },
        todo: { zh: '向平台重新索取 central.bundleRoot', en: 'get central.bundleRoot from the centre again' },
      },
    ];
  }
  const { version, expiresAt } = root.value;
  // A later root that was fetched may have taken its place: an old first one is no fault.
  const isOld = Date.parse(expiresAt) < Date.now() + soonMs;
  return [
    {
      topic,
      level: 'ok',
      what: {
        zh: `签名根版本 ${version}，有效期至 ${expiresAt.slice(0, 10)}${isOld ? '（之后靠平台下发的新根）' : ''}`,
        en: `signed root version ${version}, good until ${expiresAt.slice(0, 10)}${isOld ? ' (then by a newer one that the centre sends)' : ''}`,
      },
    },
  ];
};
