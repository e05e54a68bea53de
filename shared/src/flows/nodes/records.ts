import { z } from 'zod';
import { filterOps } from '../../filter/ast.js';
import { uuidOf } from '../../ids.js';
import { sortItem } from '../../records/query.js';
import { assignment, valueExpr } from '../values.js';
import { nodeBase } from './base.js';

const formId = uuidOf<'form'>();

/** 新增数据 */
export const createRecordNode = z.object({
  ...nodeBase,
  type: z.literal('createRecord'),
  formId,
  assignments: z.array(assignment).max(200),
});

/** 修改数据: changes the record that `target` names (`trigger` or an earlier node's id). */
export const updateRecordNode = z.object({
  ...nodeBase,
  type: z.literal('updateRecord'),
  target: z.string().default('trigger'),
  assignments: z.array(assignment).min(1).max(200),
});

/** 删除数据: moves the record that `target` names to the recycle bin. */
export const deleteRecordNode = z.object({
  ...nodeBase,
  type: z.literal('deleteRecord'),
  target: z.string().default('trigger'),
});

/** One condition of a search inside a flow; its value may come from the run. */
export const matchCondition = z.object({
  field: z.string().max(200),
  op: z.enum(filterOps),
  value: valueExpr.optional(),
});
export type MatchCondition = z.infer<typeof matchCondition>;

/** Records that a 查找数据 may find; a loop goes through as many, each with a checkpoint of its own. */
export const mostFound = 100_000;

/**
 * 查找数据: records of a form that meet all (or any) conditions. Ports `next`, and `none` when there is no such record.
 * As a source it stands for the first one found; a loop goes over all.
 */
export const findRecordsNode = z.object({
  ...nodeBase,
  type: z.literal('findRecords'),
  formId,
  match: z.array(matchCondition).max(20).default([]),
  any: z.boolean().default(false),
  sort: z.array(sortItem).max(5).default([]),
  limit: z.number().int().min(1).max(mostFound).default(1),
});
