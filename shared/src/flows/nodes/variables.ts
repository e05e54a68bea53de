import { z } from 'zod';
import type { ShapeText } from '../../errors/shape-texts.js';
import { valueExpr } from '../values.js';
import { nodeBase } from './base.js';

export const variableTypes = ['text', 'number', 'date', 'datetime', 'switch', 'member', 'list'] as const;
export type VariableType = (typeof variableTypes)[number];

/** A value with a name that every later node may use: source is the node's id, path the key. */
const variable = {
  key: z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'key' satisfies ShapeText),
  name: z.string().trim().max(20).default(''),
  type: z.enum(variableTypes).default('text'),
};

/** A formula over the trigger's record, records of earlier nodes and earlier variables; stored with ids. */
export const formulaExpr = z.object({ kind: z.literal('formula'), formula: z.string().max(5000) });
export type FormulaExpr = z.infer<typeof formulaExpr>;

/** 设置变量: each is worked out by a formula or taken from somewhere, and kept in its type. */
export const setVariablesNode = z.object({
  ...nodeBase,
  type: z.literal('setVariables'),
  items: z
    .array(z.object({ ...variable, value: z.union([valueExpr, formulaExpr]) }))
    .min(1)
    .max(30),
});
export type VariableItem = z.infer<typeof setVariablesNode>['items'][number];

/** What is done with a value on its way into a variable. */
export const transformOps = ['keep', 'json', 'split', 'join', 'replace', 'cut'] as const;
export type TransformOp = (typeof transformOps)[number];

export const transformHow = z.discriminatedUnion('op', [
  /** 原样: only the name and the type change. */
  z.object({ op: z.literal('keep') }),
  /** A place in JSON (text is read as JSON first): `data.items.0.name`; `*` goes over a list: `data.items.*.name`. */
  z.object({ op: z.literal('json'), path: z.string().max(200).default('') }),
  /** A text into its parts, all of them as a list, or one: 1 is the first, -1 the last. */
  z.object({
    op: z.literal('split'),
    by: z.string().min(1).max(20),
    part: z.number().int().min(-100).max(100).optional(),
  }),
  /** A list into one text. */
  z.object({ op: z.literal('join'), by: z.string().max(20).default('、') }),
  z.object({ op: z.literal('replace'), find: z.string().min(1).max(100), with: z.string().max(100).default('') }),
  /** Characters from a place on (1 is the first), `length` of them or to the end. */
  z.object({
    op: z.literal('cut'),
    from: z.number().int().min(1).max(10_000).default(1),
    length: z.number().int().min(1).max(10_000).optional(),
  }),
]);
export type TransformHow = z.infer<typeof transformHow>;

/** 数据转换: takes values apart and together, without any intelligence but the author's. */
export const transformNode = z.object({
  ...nodeBase,
  type: z.literal('transform'),
  items: z
    .array(z.object({ ...variable, from: valueExpr, how: transformHow }))
    .min(1)
    .max(30),
});
export type TransformItem = z.infer<typeof transformNode>['items'][number];
