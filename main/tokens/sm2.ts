// SM2 signatures with SM3 (GB/T 32918.2), over `sm-crypto-v2`. The library signs and verifies unhashed texts unless it is told to hash,
// and throws on what is no point or no number below the order: both are settled here and nowhere else.

import { sm2 } from 'sm-crypto-v2';

/** Order of the curve's group (GB/T 32918.5). */
const order = BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123');
const half = 32;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** `point`: 0x04, x, y. */
export const isSm2Point = (point: Uint8Array): boolean => {
  if (point.length !== 1 + 2 * half || point[0] !== 0x04) return false;
  try {
    return sm2.verifyPublicKey(hex(point));
  } catch {
    return false;
  }
};

const isBelowOrder = (bytes: Uint8Array): boolean => {
  const value = BigInt(`0x${hex(bytes)}`);
  return value > 0n && value < order;
};

/** `signature`: r and s, 32 bytes each; both between 1 and the order, or it is none. */
export const verifySm2 = (point: Uint8Array, text: Uint8Array, signature: Uint8Array): boolean => {
  if (signature.length !== 2 * half) return false;
  if (!isBelowOrder(signature.subarray(0, half)) || !isBelowOrder(signature.subarray(half))) return false;
  try {
    return sm2.doVerifySignature(text, hex(signature), hex(point), { hash: true, der: false });
  } catch {
    // The sum of the two points was the point at infinity, or another number that the library will not multiply with.
    return false;
  }
};
