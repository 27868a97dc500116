// The reference server as a command, and the hashes it computes.

import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePublicKey } from '../../../main/sync/receipt-signature.ts';
import { payloadHash } from './canonical-hash.ts';
import { onEachBackend } from './on-each-backend.ts';

const mainFile = new URL('./main.ts', import.meta.url).pathname;

describe('payload hashes', () => {
  it('are those of Python’s json.dumps with sorted keys, no spaces and UTF-8', () => {
    // hashlib.sha256(json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()).hexdigest()
    const value = { b: [1, 2.5, { z: null, a: '张三' }], a: 'line\nbreak "quoted"', '10': true, '9': false, é: 'ü' };
    expect(payloadHash(value)).toBe('4dac6efc7b08fbd4254842e6ff1dd2cd50caeea42b07c19646f911681d35867f');
  });
});

describe('the command', () => {
  it('prints the API as OpenAPI 3.1, every procedure and the uploads in it', () => {
    const { status, stdout } = spawnSync(process.execPath, [mainFile, '--openapi'], { encoding: 'utf8' });
    expect(status).toBe(0);
    const document = JSON.parse(stdout) as { openapi: string; paths: object; components: { schemas: object } };
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths)).toEqual([
      '/v1/health',
      '/v1/events',
      '/v1/blobs/known',
      '/v1/library/lookup',
      '/v1/queue',
      '/v1/uploads',
      '/v1/uploads/{id}',
    ]);
    expect(Object.keys(document.components.schemas)).toContain('case.submitted');
  });

  it('refuses a call without a directory, with exit code 2', () => {
    const { status, stderr } = spawnSync(process.execPath, [mainFile], { encoding: 'utf8' });
    expect([status, stderr.includes('--dir is required')]).toEqual([2, true]);
  });
});

onEachBackend((backend) => {
  describe('a process of its own', () => {
    it('takes control over IPC', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'central-'));
      const child = fork(mainFile, ['--dir', directory, '--kiosk', 'HALL-09=child-key'], {
        silent: true,
        env: { ...process.env, DATABASE_URL: backend.database().databaseUrl ?? '' },
      });
      const [ready] = (await once(child, 'message')) as [{ url: string; publicKey: string }];
      const ask = async (call: string, ...args: unknown[]): Promise<unknown> => {
        child.send({ id: call, call, args });
        return ((await once(child, 'message')) as [unknown])[0];
      };
      try {
        const health = (await (await fetch(`${ready.url}/v1/health`)).json()) as { receiptPublicKey: string };
        expect(health.receiptPublicKey).toBe(ready.publicKey);
        expect(parsePublicKey(ready.publicKey)).toBeDefined();
        expect(await ask('counts')).toMatchObject({ id: 'counts', ok: true, value: { events: 0, duplicates: 0 } });
        expect(await ask('setOutage', true)).toMatchObject({ ok: true });
        await expect(fetch(`${ready.url}/v1/health`)).rejects.toThrow('fetch failed');
        expect(await ask('explode')).toMatchObject({ ok: false });
      } finally {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        expect((await ended)[0]).toBe(0);
        rmSync(directory, { recursive: true, force: true });
      }
    });
  });
});
