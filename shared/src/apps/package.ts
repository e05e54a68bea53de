import { z } from 'zod';
import { dashboardDefinition } from '../dashboards/definition.js';
import { duplicateRule } from '../duplicates/api.js';
import type { ShapeText } from '../errors/shape-texts.js';
import { fieldTypeNames } from '../fields/registry.js';
import { flowDefinition } from '../flows/definition.js';
import { fieldInput, formLayout, formSettings } from '../forms/definition.js';
import { viewDef } from '../forms/views.js';
import { fieldKeyPattern } from '../ids.js';
import { formGrant } from '../org/api.js';
import { poolSettings } from '../pools/api.js';
import { targetBody } from '../targets/api.js';

export const packageFormat = 'lianke-app/1';
/** The largest file that is read, and the most rows of a form that go along as samples. */
export const maxPackageBytes = 10 * 1024 * 1024;
export const mostSampleRows = 100;

const key = z.string().regex(fieldKeyPattern, 'key' satisfies ShapeText);
const name = z.string().trim().min(1).max(60);
export const packageVersion = z
  .string()
  .max(30)
  .regex(/^\d+\.\d+\.\d+$/, 'package_version' satisfies ShapeText);

/** A Word file by which records are printed. */
const packagedPrint = z.object({
  key,
  name,
  fileName: z.string().min(1).max(200),
  isDefault: z.boolean().default(false),
  /** Base64. */
  content: z.string().max(maxPackageBytes),
});

const packagedForm = z.object({
  key,
  name: z.string().min(1).max(40),
  fields: z.array(z.unknown()).max(500),
  layout: z.unknown().optional(),
  settings: z.unknown().optional(),
  views: z
    .array(z.looseObject({ key: key.optional(), name }))
    .max(200)
    .default([]),
  duplicates: z.array(z.unknown()).max(10).default([]),
  pool: z.unknown().optional(),
  prints: z.array(packagedPrint).max(20).default([]),
});

/**
 * What whoever installs has to name, since no package carries it: people and departments (`key` m1, d1 …, as
 * `member:m1`, `department:d1` in definitions), secrets and group robots by their names, the mail account, and forms of
 * other apps that relations lead to (`outside`, `key` o1 …, called `name`). `uses` are flows, forms and pages by their names.
 */
export const openItem = z.object({
  kind: z.enum(['member', 'department', 'secret', 'robot', 'mail', 'outside']),
  key: z.string().max(40),
  name: z.string().max(120).optional(),
  uses: z.array(z.object({ kind: z.enum(['form', 'view', 'role', 'flow', 'dashboard', 'target']), name })).max(200),
});
export type OpenItem = z.infer<typeof openItem>;

/** What stayed behind, and why: it refers to other apps, names people, is not published, or lives outside of packages. */
export const leftItem = z.object({
  kind: z.enum([
    'field',
    'rule',
    'view',
    'flow',
    'widget',
    'role',
    'target',
    'people',
    'poolPeople',
    'publicForm',
    'draft',
    'values',
  ]),
  name: z.string().max(120),
  of: z.string().max(120).nullable().default(null),
});
export type LeftItem = z.infer<typeof leftItem>;

/** A relation whose form is still to be named; checked as any field once it is. */
const outsideRelation = z.looseObject({ key, name: z.string().max(40), type: z.enum(['relation', 'relations']) });

/**
 * A field of another app's form that something here reads, as `outside:o1/name`: that one of the chosen form stands for it
 * which has its key or its name and is of its type. `to`: the form of this app that it relates to; `options`: what may be
 * chosen in it, since conditions name options.
 */
const outsideField = z.object({
  key,
  name: z.string().min(1).max(40),
  type: z.enum(fieldTypeNames),
  to: z.string().max(60).optional(),
  options: z
    .array(z.object({ id: z.string().max(60), label: z.string().max(60) }))
    .max(1000)
    .optional(),
});
export type OutsideField = z.infer<typeof outsideField>;

const packagedRole = z.object({
  key,
  name,
  design: z.boolean().default(false),
  /** By form key. */
  forms: z.record(z.string().max(60), z.unknown()),
});
const packagedFlow = z.object({
  key: key.optional(),
  name: z.string().min(1).max(40),
  enabled: z.boolean().default(true),
  definition: z.unknown(),
});
const packagedPage = z.object({ key: key.optional(), name: z.string().min(1).max(40), definition: z.unknown() });
const packagedTarget = z.object({ key, definition: z.unknown() });

/**
 * Parts of the app once more, as they are with all that relates to other apps' forms or reads their fields. What is in them
 * and not in the package's own is put there wherever everything that it names is there.
 */
const throughParts = z.object({
  forms: z
    .array(packagedForm.omit({ prints: true }))
    .max(100)
    .default([]),
  roles: z.array(packagedRole).max(100).default([]),
  flows: z.array(packagedFlow).max(300).default([]),
  dashboards: z.array(packagedPage).max(100).default([]),
  targets: z.array(packagedTarget).max(100).default([]),
});
export type ThroughParts = z.infer<typeof throughParts>;

/**
 * An app as one JSON file. Inside it everything has a name where an id stands otherwise: `form:customer`,
 * `field:customer/grade`, a subform's rows `form:order/items` and `field:order/items/count`, `role:manager`, `flow:welcome`,
 * `view:customer/all`, `dashboard:sales`. Fields may also be named by their bare keys where the API takes keys. Installing
 * replaces these names by ids. A text that only looks like one has a backslash: `form:\customer`.
 */
export const appPackage = z.object({
  format: z.literal(packageFormat),
  /** Tells packages apart, whatever their apps are called; packages without one by their key. */
  origin: z
    .string()
    .regex(/^[a-z0-9]{20}$/, 'package_origin' satisfies ShapeText)
    .optional(),
  key,
  name: z.string().min(1).max(40),
  version: packageVersion,
  description: z.string().max(500),
  icon: z.string().max(40).optional(),
  forms: z.array(packagedForm).max(100),
  roles: z.array(packagedRole).max(100),
  flows: z.array(packagedFlow).max(300),
  dashboards: z.array(packagedPage).max(100),
  targets: z.array(packagedTarget).max(100).default([]),
  /** The navigation in its order; `item` is a form or dashboard by name. */
  nav: z
    .array(z.object({ item: z.string().max(60), group: z.string().trim().min(1).max(40).nullable() }))
    .max(500)
    .optional(),
  open: z.array(openItem).max(1000).default([]),
  /**
   * Relations to forms of other apps: each goes along only where whoever installs names a form of his for `outside:<key>`,
   * which stands in `field` for its id. `rows`: the subform whose rows have it; `after`: the field before it. `fields`: those of
   * that form that are read.
   */
  outside: z
    .array(
      z.object({
        key: z.string().regex(/^o[1-9]\d{0,5}$/, 'key' satisfies ShapeText),
        relations: z
          .array(
            z.object({ form: key, rows: key.optional(), after: key.nullable().default(null), field: outsideRelation }),
          )
          .max(500),
        fields: z.array(outsideField).max(500).default([]),
      }),
    )
    .max(100)
    .default([]),
  through: throughParts.optional(),
  left: z.array(leftItem).max(2000).default([]),
  /** Rows to begin with, by form key; a relation names rows of the package by their `id`. */
  sample: z
    .array(
      z.object({
        form: key,
        rows: z
          .array(z.object({ id: z.string().min(1).max(20), values: z.record(z.string().max(60), z.json()) }))
          .max(mostSampleRows),
      }),
    )
    .max(100)
    .default([]),
});
export type AppPackage = z.infer<typeof appPackage>;
export type PackagedForm = AppPackage['forms'][number];

/** The parts after names were replaced by ids; each is checked by the same schema as the API's. */
export const packageParts = {
  field: fieldInput,
  layout: formLayout,
  settings: formSettings,
  view: viewDef,
  grant: formGrant,
  flow: flowDefinition,
  dashboard: dashboardDefinition,
  duplicate: duplicateRule,
  pool: poolSettings,
  target: targetBody,
};
