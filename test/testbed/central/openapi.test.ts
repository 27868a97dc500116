// The document that a city's platform team builds against is committed; it may not fall behind the contract.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generateOpenApi } from './openapi.ts';

it('docs/intake-openapi.json is what the contract says: node test/testbed/central/main.ts --openapi > docs/intake-openapi.json', async () => {
  const committed: unknown = JSON.parse(
    readFileSync(new URL('../../../docs/intake-openapi.json', import.meta.url), 'utf8'),
  );
  expect(committed).toEqual(JSON.parse(JSON.stringify(await generateOpenApi())));
});
