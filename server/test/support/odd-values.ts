import type { Dice } from './dice.js';

/** The part of a JSON schema that the contracts' descriptions use. */
export interface JsonSchema {
  $ref?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  type?: string | string[];
  pattern?: string;
  format?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
}

/** Texts that have broken programs before. */
export const oddTexts = [
  ...['', ' ', '\u0000', 'a\u0000b', '\ud800', '😀'.repeat(300), 'x'.repeat(70_000), '%', "'; drop table x;--", "'名'"],
  ...['{{客户}}', '../../etc/passwd', '-1', '1e400', 'NaN', '٣', '\u202e', 'null', '__proto__', 'constructor'],
  ...['2024-02-30', '0000-00-00', '9999-12-31', '+275760-09-13', '2024-13-45T99:99:99Z'],
  '01a230e5-3770-73f3-b020-84ad25fddc7b',
];
const oddNumbers = [0, -1, 1.5, 1e308, -1e308, 2_147_483_648, Number.MAX_SAFE_INTEGER + 2, 200, 201, 1001];
const usualTexts = ['客户', 'name', 'owner', 'grade', '13800138000', 'abc', '2026-12-01T00:00:00Z', '2026-12-01'];

/** Values that a schema describes, nearly: most of their shape is right, and what stands in it is odd. */
export class OddValues {
  constructor(
    private readonly dice: Dice,
    private readonly schemas: Record<string, JsonSchema>,
    /** Ids of things that there are. */
    private readonly ids: readonly string[],
    /** Keys and ids of fields that there are. */
    private readonly fields: readonly string[],
  ) {}

  of(schema: JsonSchema | undefined, depth = 0): unknown {
    const { dice } = this;
    if (!schema || depth > 6) return dice.pick([null, 'x', 1]);
    if (schema.$ref) return this.of(this.schemas[schema.$ref.split('/').at(-1) ?? ''], depth + 1);
    if (dice.chance(0.08)) return this.anything();
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return dice.pick(schema.enum);
    const either = schema.anyOf ?? schema.oneOf;
    if (either) return this.of(dice.pick(either), depth + 1);
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((each) => this.of(each, depth + 1)));
    switch (Array.isArray(schema.type) ? dice.pick(schema.type) : schema.type) {
      case 'object':
        return this.object(schema, depth);
      case 'array':
        return Array.from({ length: dice.pick([0, 1, 1, 2, 3]) }, () => this.of(schema.items, depth + 1));
      case 'string':
        return this.text(schema);
      case 'integer':
      case 'number':
        return dice.pick(oddNumbers);
      case 'boolean':
        return dice.chance(0.5);
      case 'null':
        return null;
      default:
        return this.anything();
    }
  }

  private object(schema: JsonSchema, depth: number): Record<string, unknown> {
    const { dice } = this;
    const needed = new Set(schema.required);
    const made: Record<string, unknown> = {};
    for (const [name, part] of Object.entries(schema.properties ?? {}))
      if (dice.chance(needed.has(name) ? 0.95 : 0.5)) made[name] = this.named(name, part, depth);
    const rest = schema.additionalProperties;
    if (typeof rest === 'object')
      for (let at = dice.int(3); at > 0; at--)
        made[dice.pick([...this.fields, ...oddTexts.slice(0, 8)])] = this.of(rest, depth + 1);
    return made;
  }

  /** Fields, ids and filters would otherwise hardly ever name what there is. */
  private named(name: string, schema: JsonSchema, depth: number): unknown {
    const { dice } = this;
    if (/^(field|by|key)$/.test(name) && dice.chance(0.7)) return dice.pick(this.fields);
    if (/Id$/.test(name) && dice.chance(0.8)) return dice.pick(this.ids);
    if (name === 'filter' && dice.chance(0.7)) {
      const op = dice.pick(['eq', 'ne', 'gt', 'in', 'contains', 'between', 'hasAny', 'within', 'empty', 'startsWith']);
      return { and: [{ field: dice.pick(this.fields), op, value: this.anything() }] };
    }
    return this.of(schema, depth + 1);
  }

  private text({ pattern = '', format }: JsonSchema): string {
    const { dice } = this;
    if (format === 'uuid' || pattern.includes('0-9a-f')) return dice.pick([...this.ids, dice.pick(oddTexts)]);
    return dice.pick(dice.chance(0.5) ? oddTexts : usualTexts);
  }

  private anything(): unknown {
    const { dice } = this;
    return dice.pick<unknown>([
      null,
      {},
      [],
      dice.pick(oddTexts),
      dice.pick(oddNumbers),
      true,
      { a: { b: [1] } },
      ['x'],
    ]);
  }
}
