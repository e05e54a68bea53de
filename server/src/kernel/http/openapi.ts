import type { Contract } from '@lianke/shared/api/contract';
import { contracts } from '@lianke/shared/api/contracts';
import { type RouteName, routes } from '@lianke/shared/api/routes';
import { keyUseOf } from '@lianke/shared/api-keys/routes';
import { problem } from '@lianke/shared/errors/problem';
import { z } from 'zod';

type Schema = Record<string, unknown>;

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  }) as Schema & { $schema?: string };
  return named(rest);
}

/** A schema that contains itself refers to itself by name: in a document, `#` would be the document. */
function named(schema: Schema): Schema {
  const text = JSON.stringify(schema);
  if (!text.includes('"$ref":"#"')) return schema;
  const { $defs, ...self } = JSON.parse(text.replaceAll('"$ref":"#"', '"$ref":"#/$defs/Self"')) as Schema;
  return { $ref: '#/$defs/Self', $defs: { ...($defs as Schema | undefined), Self: self } };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Schema[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

const about = `其他系统用密钥调用：在 企业管理 → 开放接口 新建，放在请求头 Authorization: Bearer <密钥>。
密钥以所选成员的权限读写数据，只能调用标有 apiKey 的接口（x-api-key 说明只读的密钥能否调用）。
超过每分钟次数时回答 429，Retry-After 是要等的秒数。出错时回答 application/problem+json，code 是固定的错误码。

For other systems: make a key under Company management → Open interface and send it as Authorization: Bearer <key>.
A key reads and writes with the rights of the chosen member, on routes marked apiKey only (x-api-key says whether a read-only key will do).
Beyond the calls per minute the answer is 429, and Retry-After the seconds to wait. Errors are application/problem+json with a fixed code.`;

let cached: Schema | undefined;

/** OpenAPI 3.1 of every route, generated from the shared contracts. */
export function openApiDocument(): Schema {
  cached ??= {
    openapi: '3.1.0',
    info: { title: 'Lianke 联客', version: '1', description: about },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'lianke_session' },
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: '开放接口的密钥，以 lianke_ 开头 / a key of the open interface, it begins with lianke_',
        },
      },
      schemas: { Problem: jsonSchema(problem, 'output') },
    },
    security: [{ bearer: [] }, { cookie: [] }],
    paths: paths(),
  };
  return cached;
}

/** What keys may call says so, and whether keys that only read may. */
function byKey(name: RouteName): Schema {
  const use = keyUseOf(name);
  return use ? { security: [{ bearer: [] }, { cookie: [] }, { apiKey: [] }], 'x-api-key': use } : {};
}

function paths(): Schema {
  const all: Record<string, Record<string, Schema>> = {};
  for (const [name, [method, path]] of Object.entries(routes) as [RouteName, readonly [string, string]][]) {
    const contract: Contract = contracts[name];
    const open = path.replace(/:(\w+)/g, '{$1}');
    const body = contract.upload
      ? {
          'multipart/form-data': {
            schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
          },
        }
      : contract.body
        ? { 'application/json': { schema: jsonSchema(contract.body, 'input') } }
        : undefined;
    all[open] ??= {};
    all[open][method.toLowerCase()] = {
      operationId: name,
      tags: [contract.tag],
      summary: contract.summary,
      parameters: [...parameters(contract.params, 'path'), ...parameters(contract.query, 'query')],
      ...(contract.open ? { security: [] } : {}),
      ...byKey(name),
      ...(body ? { requestBody: { required: true, content: body } } : {}),
      responses: {
        ...(contract.answer
          ? {
              200: {
                description: 'OK',
                content: { 'application/json': { schema: jsonSchema(contract.answer, 'output') } },
              },
            }
          : contract.stream
            ? { 200: { description: 'OK' } }
            : { 204: { description: 'Done' } }),
        default: {
          description: 'Problem',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    };
  }
  return all;
}
