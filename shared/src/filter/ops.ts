/** Operators of conditions, apart from their schema: phones evaluate conditions without it. */
export const filterOps = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'in',
  'nin',
  'contains',
  'startsWith',
  'empty',
  'notEmpty',
  'hasAny',
  'hasAll',
  'within',
] as const;
export type FilterOp = (typeof filterOps)[number];
