import { z } from 'zod';
import { dashboardDefinition } from '../dashboards/definition.js';
import type { ShapeText } from '../errors/shape-texts.js';
import { flowDefinition } from '../flows/definition.js';
import { fieldInput, formLayout, formSettings } from '../forms/definition.js';
import { viewDef } from '../forms/views.js';
import { fieldKeyPattern } from '../ids.js';
import { formGrant } from '../org/api.js';

/**
 * An app as one JSON file. Inside it a form is named by its key wherever an id stands otherwise: `"formId": "form:customer"`,
 * fields by their keys, roles by theirs (`"roleId": "role:manager"`). Installing replaces these names by the new ids.
 */
export const appPackage = z.object({
  format: z.literal('lianke-app/1'),
  key: z.string().regex(fieldKeyPattern, 'key' satisfies ShapeText),
  name: z.string().min(1).max(40),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'package_version' satisfies ShapeText),
  description: z.string().max(500),
  icon: z.string().max(40).optional(),
  forms: z.array(
    z.object({
      key: z.string().regex(fieldKeyPattern, 'key' satisfies ShapeText),
      name: z.string().min(1).max(40),
      fields: z.array(z.unknown()),
      layout: z.unknown().optional(),
      settings: z.unknown().optional(),
      views: z.array(z.unknown()).default([]),
    }),
  ),
  roles: z.array(
    z.object({
      key: z.string().regex(fieldKeyPattern, 'key' satisfies ShapeText),
      name: z.string().min(1).max(40),
      design: z.boolean().default(false),
      forms: z.record(z.string(), z.unknown()),
    }),
  ),
  flows: z.array(
    z.object({ name: z.string().min(1).max(40), enabled: z.boolean().default(true), definition: z.unknown() }),
  ),
  dashboards: z.array(z.object({ name: z.string().min(1).max(40), definition: z.unknown() })),
});
export type AppPackage = z.infer<typeof appPackage>;

/** The parts after names were replaced by ids; each is checked by the same schema as the API's. */
export const packageParts = {
  field: fieldInput,
  layout: formLayout,
  settings: formSettings,
  view: viewDef,
  grant: formGrant,
  flow: flowDefinition,
  dashboard: dashboardDefinition,
};
