import { z } from 'zod';
import { uuidOf } from '../../ids.js';
import { assignment, personExpr, valueExpr } from '../values.js';
import { nodeBase } from './base.js';
import { matchCondition } from './records.js';

const formId = uuidOf<'form'>();

/** 新增或修改: changes the record whose field `matchOn` has the assigned value, or makes it. */
export const upsertRecordNode = z.object({
  ...nodeBase,
  type: z.literal('upsertRecord'),
  formId,
  matchOn: z.string().max(60),
  assignments: z.array(assignment).max(200),
});

export const aggregateFns = ['count', 'sum', 'avg', 'min', 'max'] as const;

/** 统计: one number over the records that meet the conditions; as a source, `value`. */
export const aggregateNode = z.object({
  ...nodeBase,
  type: z.literal('aggregate'),
  formId,
  match: z.array(matchCondition).max(20).default([]),
  any: z.boolean().default(false),
  fn: z.enum(aggregateFns).default('count'),
  /** What is summed up; none for `count`. */
  field: z.string().max(60).optional(),
});

export const assignMethods = ['roundRobin', 'load', 'weight', 'territory'] as const;

/** A row of the table of territories: who gets what lies in these areas. Several take turns. */
export const territory = z.object({
  /** Keeps its turns when rows change places. */
  id: z.string().min(1).max(20),
  /** Places from the widest part down (`广东省/深圳市`), or ids of options. */
  areas: z.array(z.string().min(1).max(200)).max(200).default([]),
  members: z.array(z.string()).max(100).default([]),
  /** Everybody in these departments and below. */
  departments: z.array(z.string()).max(20).default([]),
});
export type Territory = z.infer<typeof territory>;

/**
 * 分配: gives the record that `target` names to one of `people`, by writing the member into `field`. In turn, to whoever
 * has fewest records, or by `weights` (1 when not named). By `territory`: to the people of the first row in which the record
 * lies by its field `by`, in turn; `people` get what lies in none, or where nobody is. As a source, `member`.
 */
export const assignNode = z.object({
  ...nodeBase,
  type: z.literal('assign'),
  target: z.string().default('trigger'),
  field: z.string().max(60).default('owner'),
  people: z.array(personExpr).min(1).max(10),
  method: z.enum(assignMethods).default('roundRobin'),
  weights: z.record(z.string(), z.number().int().min(1).max(100)).default({}),
  by: z.string().max(60).optional(),
  territories: z.array(territory).max(200).optional(),
});

/** 调用子流程: starts a flow of trigger `called` with one of this run's records; goes on at once, or when that has ended. */
export const subflowNode = z.object({
  ...nodeBase,
  type: z.literal('subflow'),
  flowId: uuidOf<'flow'>(),
  record: z.string().default('trigger'),
  inputs: z
    .array(z.object({ key: z.string().max(40), value: valueExpr }))
    .max(30)
    .default([]),
  wait: z.boolean().default(true),
});
