// The configuration's JSON Schema (2020-12), for completion and checking in editors:
//   node kiosk-config/json-schema.ts > kiosk-config/kiosk.schema.json
// Rules between fields (ports used twice, time order) live in cross-checks.ts only; JSON Schema cannot say them.

import { inputSchemaOf } from './zod-problems.ts';
import { kioskConfigSchema } from './schema.ts';

export const configJsonSchema = (): Record<string, unknown> => {
  const schema: Record<string, unknown> = {
    title: 'Hall kiosk configuration / 大厅自助终端配置',
    ...inputSchemaOf(kioskConfigSchema),
  };
  const properties = schema['properties'] as Record<string, Record<string, unknown>>;
  const central = properties['central'];
  if (central) central['oneOf'] = [{ required: ['kioskKey'] }, { required: ['kioskKeyFile'] }];
  return schema;
};

if (import.meta.main) process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
