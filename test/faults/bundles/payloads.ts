// Good contents for every channel, another one each time.

import type { BundleChannel } from '../../../main/contract/bundles.ts';
import type { Catalogue } from '../../../main/contract/catalogue.ts';
import { makeSigningKey } from '../../testbed/central/bundles.ts';
import type { Random } from '../random.ts';

const dayMs = 24 * 60 * 60 * 1000;
const iso = (ms: number): string => new Date(ms).toISOString();

export const createPayloads = (
  shipped: Catalogue,
): ((channel: BundleChannel, nowMs: number, random: Random) => unknown) => {
  // One item: what it takes to check a catalogue grows with its forms, what can go wrong with it does not.
  const [item] = shipped.items;
  if (!item) throw new Error('the catalogue has no item');
  const small: Catalogue = { ...shipped, popular: [item.code], items: [item] };
  const { publicKey } = makeSigningKey();
  let serial = 0;
  return (channel, nowMs, random) => {
    serial += 1;
    switch (channel) {
      case 'catalogue':
        return { ...small, version: serial };
      case 'configuration':
        return {
          services: { hide: [`ITEM-${serial}`] },
          session: { idleWarningSec: 60 + random.below(30), idleWipeSec: 120 },
          locker: { keepDays: 1 + random.below(30) },
        };
      case 'announcements':
        return {
          items: [
            {
              id: `notice-${serial}`,
              text: {
                zh: `第 ${serial} 号通知：周五下午系统维护`,
                en: `Notice ${serial}: maintenance on Friday afternoon`,
              },
              until: iso(nowMs + 20 * dayMs),
            },
          ],
        };
      case 'pickUpCodes':
        return {
          codes: Array.from({ length: 3 }, (_, index) => ({
            pickUpId: `result-${serial}-${index}`,
            salt: Buffer.from(random.bytes(18)).toString('base64url'),
            hash: Buffer.from(random.bytes(32)).toString('hex'),
            cell: 1 + random.below(20),
            name: { zh: '营业执照', en: 'Business licence' },
            until: iso(nowMs + 10 * dayMs),
          })),
          revoked: [`result-${serial - 1}-0`],
        };
      case 'queueBlocks':
        return {
          blocks: [1, 2].map((day) => ({
            day: iso(nowMs + day * dayMs).slice(0, 10),
            prefix: 'B',
            from: (serial % 900) * 100 + 1,
            to: (serial % 900) * 100 + 100,
          })),
        };
      case 'tokenKeys':
        return {
          keys: [
            {
              id: `K${serial % 1000}`,
              algorithm: 'ed25519',
              publicKey,
              purposes: ['pickUp'],
              expires: iso(nowMs + 90 * dayMs),
            },
          ],
        };
      default:
        return channel satisfies never;
    }
  };
};
