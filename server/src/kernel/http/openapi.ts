import { type Contract, contracts } from '@lianke/shared/api/contracts';
import { type RouteName, routes } from '@lianke/shared/api/routes';
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

let cached: Schema | undefined;

/** OpenAPI 3.1 of every route, generated from the shared contracts. */
export function openApiDocument(): Schema {
  cached ??= {
    openapi: '3.1.0',
    info: { title: 'Lianke 联客', version: '1' },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'lianke_session' },
      },
      schemas: { Problem: jsonSchema(problem, 'output') },
    },
    security: [{ bearer: [] }, { cookie: [] }],
    paths: paths(),
  };
  return cached;
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
