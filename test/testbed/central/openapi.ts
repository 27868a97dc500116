// The central intake API as an OpenAPI document, made from the contract, so that a city's platform team can build against it.

import { OpenAPIGenerator } from '@orpc/openapi';
import type { OpenAPI } from '@orpc/contract';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { eventPayloads, intakeContract } from '../../../main/contract/intake.ts';
import { uploadPath } from './uploads.ts';

const info = {
  title: 'Central intake API (统一受理平台 接入接口)',
  version: '1.0.0',
  description: [
    'What a hall kiosk needs from the central intake platform. Events come in batches, at least once; each is taken exactly once.',
    'A receipt is an Ed25519 signature (base64) over `eventId|payloadSha256|centralNumber|receivedAt`, where an absent central',
    'number is the empty string; the public key stands in `/v1/health` (SubjectPublicKeyInfo, DER, base64). `payloadSha256` is the',
    'SHA-256 of the canonical JSON of the payload: keys sorted by UTF-16 code units, no spaces, UTF-8.',
    'The payload of each event kind stands under components/schemas.',
    'A request with `Content-Digest` (RFC 9530, sha-256) whose body does not fit it is answered with 460 before it is read; the kiosk',
    'sends it again. An event that will not do is answered `rejected` within a 200, and kept as a dead letter of the platform: nothing',
    'behind it waits. Two events under one (kiosk, epoch, seq) put the install into quarantine: what is new is kept aside, not merged.',
    'What belongs to a case that the platform does not have is refused with `unknownCase`: the kiosk keeps it back until the case has its',
    'receipt. Above its capacity the platform answers 429 with `Retry-After`, spread so that not all come back at one second.',
    'Ids and receipts are remembered for at least 180 days, the high-water mark of each install for good.',
  ].join('\n'),
};

const text = { schema: { type: 'string' as const } };
const header = (name: string, description: string): OpenAPI.ParameterObject => ({
  name,
  in: 'header',
  required: true,
  description,
  ...text,
});
const contentDigest: OpenAPI.ParameterObject = {
  ...header('Content-Digest', '`sha-256=:BASE64:` of the body (RFC 9530); where it is there, it is checked'),
  required: false,
};
const version = header('Tus-Resumable', '1.0.0');
const idParameter: OpenAPI.ParameterObject = { name: 'id', in: 'path', required: true, ...text };

const uploadPaths: OpenAPI.PathsObject = {
  [uploadPath]: {
    post: {
      operationId: 'uploads.create',
      summary: 'Begin the upload of a scan (tus 1.0, creation)',
      parameters: [
        version,
        header('Upload-Length', 'Bytes of the whole scan'),
        header('Upload-Metadata', '`sha256` of the whole scan (hexadecimal) and `mediaType`, values in base64'),
      ],
      responses: { 201: { description: 'Created; `Location` is where the chunks go' } },
    },
  },
  [`${uploadPath}/{id}`]: {
    head: {
      operationId: 'uploads.offset',
      summary: 'How much of the scan is there',
      parameters: [idParameter, version],
      responses: {
        200: { description: '`Upload-Offset` and `Upload-Length`' },
        404: { description: 'Finished or unknown: ask `/v1/blobs/known`' },
      },
    },
    patch: {
      operationId: 'uploads.append',
      summary: 'One chunk of the scan',
      parameters: [
        idParameter,
        version,
        header('Upload-Offset', 'Where the chunk begins'),
        header('Upload-Checksum', '`sha256 ` and the base64 digest of the chunk'),
      ],
      requestBody: { content: { 'application/offset+octet-stream': { schema: { type: 'string', format: 'binary' } } } },
      responses: {
        204: { description: 'Written; `Upload-Offset` is the new offset' },
        409: { description: 'The offset is another; nothing was written' },
        460: { description: 'The chunk or the whole scan does not fit its hash; nothing was kept' },
      },
    },
  },
};

export const generateOpenApi = async (serverUrl?: string): Promise<OpenAPI.Document> => {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(intakeContract, {
    info,
    ...(serverUrl === undefined ? {} : { servers: [{ url: serverUrl }] }),
    security: [{ kioskKey: [] }],
    components: { securitySchemes: { kioskKey: { type: 'http', scheme: 'bearer', description: 'Key of the kiosk' } } },
    commonSchemas: Object.fromEntries(Object.entries(eventPayloads).map(([kind, schema]) => [kind, { schema }])),
  });
  for (const path of Object.values(document.paths ?? {}))
    if (path?.post) path.post.parameters = [...(path.post.parameters ?? []), contentDigest];
  return { ...document, paths: { ...document.paths, ...uploadPaths } };
};
