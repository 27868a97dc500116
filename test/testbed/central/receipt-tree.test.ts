import { generateKeyPairSync, sign } from 'node:crypto';
import { array, assert, integer, property, record, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proofOf } from '../../../main/store/receipt-proof.ts';
import { climb } from '../../../main/sync/receipt-path.ts';
import { createReceiptCheck, type Receipt } from '../../../main/sync/receipt-signature.ts';
import { receiptTree } from './receipt-tree.ts';

/** The inputs and roots that implementations of Certificate Transparency test themselves with. */
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (hex) => Buffer.from(hex, 'hex'),
);
const roots: Readonly<Record<number, string>> = {
  1: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  2: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  3: 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  4: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  5: '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  6: '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  7: 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  8: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
};

describe('the tree over a batch of receipts', () => {
  it.each(Object.entries(roots))('has the known root for %s leaves', (count, root) => {
    expect(receiptTree(inputs.slice(0, Number(count))).root.toString('hex')).toBe(root);
  });
});

const keys = generateKeyPairSync('ed25519');
const receivedAt = '2026-11-22T00:00:00.000Z';
const signText = (text: string): string => sign(null, Buffer.from(text), keys.privateKey).toString('base64');
const checkOf = (): ReturnType<typeof createReceiptCheck> => createReceiptCheck(keys.publicKey);

/** Receipts of one batch, as the centre signs them: `id-0`, `id-1`, … */
const batchOf = (size: number): Receipt[] => {
  const texts = Array.from({ length: size }, (_, index) => Buffer.from(`id-${index}|ab||${receivedAt}`));
  const { root, paths } = receiptTree(texts);
  const signature = signText(`receipts|${size}|${root.toString('hex')}`);
  return paths.map((path, index) => ({
    receivedAt,
    payloadSha256: 'ab',
    signature,
    tree: { index, size, path: path.map((step) => step.toString('base64')) },
  }));
};

describe('one signature for a batch', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 50, 199, 200])('holds for each of %i receipts', (size) => {
    const isSigned = checkOf();
    expect(batchOf(size).every((receipt, index) => isSigned(`id-${index}`, receipt))).toBe(true);
  });

  it('holds for no other event, also after a good one of the same batch', () => {
    const isSigned = checkOf();
    const [first, second] = batchOf(2);
    if (!first || !second) throw new Error('there should be two');
    expect(isSigned('id-0', first)).toBe(true);
    expect(isSigned('id-2', first)).toBe(false);
    expect(isSigned('id-1', first)).toBe(false);
    expect(isSigned('id-1', { ...second, payloadSha256: 'cd' })).toBe(false);
    expect(isSigned('id-1', { ...second, signature: first.signature.replace(/^./, 'A') })).toBe(
      first.signature.startsWith('A'),
    );
  });

  it('takes no root for a receipt and no receipt for a root', () => {
    const isSigned = checkOf();
    const [first] = batchOf(4);
    if (!first) throw new Error('there should be one');
    const { tree, ...alone } = first;
    expect(isSigned('id-0', alone)).toBe(false);
    expect(isSigned('id-0', { ...alone, signature: signText(`id-0|ab||${receivedAt}`), tree: tree! })).toBe(false);
  });

  it('refuses places and paths that do not fit the tree', () => {
    const forged = record({
      index: integer({ min: 0, max: 20 }),
      size: integer({ min: 1, max: 20 }),
      path: array(
        uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64')),
        {
          maxLength: 8,
        },
      ),
    });
    const isSigned = checkOf();
    const [first] = batchOf(5);
    if (!first) throw new Error('there should be one');
    assert(
      property(forged, (tree) => !isSigned('id-0', { ...first, tree })),
      { numRuns: 2000 },
    );
    expect(climb(Buffer.from('x'), { index: 1, size: 1, path: [] })).toBeUndefined();
    expect(climb(Buffer.from('x'), { index: 0, size: 2, path: [] })).toBeUndefined();
  });

  it('refuses a path that was changed, also where the receipts around it held', () => {
    const isSigned = checkOf();
    const receipts = batchOf(7);
    expect(receipts.every((receipt, index) => isSigned(`id-${index}`, receipt))).toBe(true);
    for (const [index, receipt] of receipts.entries()) {
      const { tree } = receipt;
      if (!tree) throw new Error('a batch has a tree');
      for (const at of tree.path.keys()) {
        const path = tree.path.with(at, Buffer.alloc(32, at).toString('base64'));
        expect(isSigned(`id-${index}`, { ...receipt, tree: { ...tree, path } })).toBe(false);
      }
      expect(isSigned(`id-${index}`, receipt)).toBe(true);
    }
  });

  it('is kept whole', () => {
    const [, second] = batchOf(3);
    if (!second) throw new Error('there should be one');
    expect(proofOf(second).split(' ')).toEqual([second.signature, '1/3', ...(second.tree?.path ?? [])]);
    expect(proofOf({ receivedAt, payloadSha256: 'ab', signature: 'S' })).toBe('S');
  });
});
