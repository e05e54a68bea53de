import { z } from 'zod';
import { fieldId, uuidOf } from '../../ids.js';
import { parseDatetime } from '../datetime/value.js';
import { dateOps, type FieldType } from '../types.js';

/** Where contacts are recorded: forms whose `relation` points here, and the field that says when. */
export const lastContactConfig = z.object({
  sources: z
    .array(z.object({ formId: uuidOf<'form'>(), relation: fieldId, time: fieldId }))
    .max(10)
    .default([]),
});
export type LastContactConfig = z.infer<typeof lastContactConfig>;

export const lastContactField: FieldType<LastContactConfig, string> = {
  type: 'lastContact',
  label: { zh: '最后联系时间', en: 'Last contact' },
  group: 'advanced',
  config: lastContactConfig,
  storage: 'timestamptz',
  operators: dateOps,
  aggregates: ['count', 'min', 'max'],
  sortable: true,
  groupable: true,
  searchable: false,
  kept: true,
  parse: parseDatetime,
};
