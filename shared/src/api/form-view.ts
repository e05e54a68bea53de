import { z } from 'zod';
import { duplicateHint } from '../duplicates/api.js';
import { fieldDef, formActions, formLayout, formSettings } from '../forms/definition.js';
import { uuidOf } from '../ids.js';

export const formView = z.object({
  id: uuidOf<'form'>(),
  appId: uuidOf<'app'>(),
  key: z.string(),
  name: z.string(),
  version: z.number().int(),
  fields: z.array(
    fieldDef.extend({ system: z.boolean().optional(), writable: z.boolean(), masked: z.boolean().optional() }),
  ),
  layout: formLayout,
  settings: formSettings,
  actions: z.array(z.enum(formActions)),
  removed: z.array(fieldDef.extend({ removedAt: z.string() })).optional(),
  /** Rules about repeated records, as far as the reader may see their fields. */
  duplicates: z.array(duplicateHint).optional(),
  updatedAt: z.string(),
});
