import { z } from 'zod';
import { fieldTypeNames } from '../fields/registry.js';
import { uuidOf } from '../ids.js';
import { appView } from './api.js';
import { leftItem, mostSampleRows, openItem, packageVersion } from './package.js';

/** What an app would take along, before it is exported. */
export const packageOutline = z.object({
  name: z.string(),
  /** The next version after the one that was exported or installed last. */
  version: z.string(),
  description: z.string(),
  forms: z.array(z.object({ id: uuidOf<'form'>(), name: z.string(), fields: z.number().int() })),
  flows: z.number().int(),
  views: z.number().int(),
  dashboards: z.number().int(),
  roles: z.number().int(),
  open: z.array(openItem),
  left: z.array(leftItem),
});
export type PackageOutline = z.infer<typeof packageOutline>;

export const exportPackageBody = z.object({
  version: packageVersion.optional(),
  description: z.string().trim().max(500).optional(),
  /** Forms whose newest rows go along, as the exporter sees them. */
  sample: z
    .array(z.object({ formId: uuidOf<'form'>(), rows: z.number().int().min(1).max(mostSampleRows) }))
    .max(100)
    .default([]),
});
export type ExportPackageBody = z.infer<typeof exportPackageBody>;

export const partKinds = [
  'app',
  'form',
  'field',
  'layout',
  'settings',
  'duplicates',
  'pool',
  'print',
  'view',
  'role',
  'flow',
  'dashboard',
  'target',
] as const;
export type PartKind = (typeof partKinds)[number];

/**
 * What installing does with a part. `kept`: people changed it since, the package did not. `conflict`: both did; it is kept
 * unless taken. `gone`: people removed it; it stays away unless taken. `dropped`: the package has it no more; it stays.
 * `blocked`: it cannot be taken, `note` says why.
 */
export const partChanges = ['create', 'update', 'same', 'kept', 'conflict', 'gone', 'dropped', 'blocked'] as const;
export type PartChange = (typeof partChanges)[number];

export const packagePart = z.object({
  /** Name inside the package; what `take` names. */
  token: z.string(),
  kind: z.enum(partKinds),
  name: z.string(),
  /** Of fields, views …: their form. */
  of: z.string().nullable(),
  change: z.enum(partChanges),
  /** Whether the choice can turn it round. */
  mayTake: z.boolean(),
  taken: z.boolean(),
  /** In the reader's language: what it is called instead, what a flow still lacks, why it is left alone. */
  note: z.string().nullable(),
});
export type PackagePart = z.infer<typeof packagePart>;

/** What reads other apps' forms, by what it is: `column` is something shown in a view, `settings` one of a form's. */
export const throughKinds = [
  'field',
  'rule',
  'settings',
  'view',
  'column',
  'role',
  'flow',
  'widget',
  'target',
] as const;

/** One thing that relates to a form of another app or reads its fields, and whether it comes in. */
export const throughItem = z.object({
  kind: z.enum(throughKinds),
  name: z.string(),
  /** Its form, or its page. */
  of: z.string().nullable(),
  comes: z.boolean(),
  /** Forms that are still to be named, by what they are called. */
  unnamed: z.array(z.string()),
  /** What the chosen forms lack: a field of that name and type, or an option of it. */
  lacks: z.array(
    z.object({
      form: z.string(),
      field: z.string(),
      type: z.enum(fieldTypeNames),
      option: z.string().nullable(),
      /** The form of this app that the field has to relate to. */
      to: z.string().nullable(),
    }),
  ),
});
export type ThroughItem = z.infer<typeof throughItem>;

/** How a package is to be installed. */
export const installChoice = z.object({
  /** The app that is upgraded; null: a new one. */
  appId: uuidOf<'app'>().nullable().default(null),
  /** Of the new app; the package's when absent. */
  name: z.string().trim().min(1).max(40).optional(),
  /** Who takes the open places: by `member:m1`, `department:d1`. */
  people: z.record(z.string().max(50), z.uuid()).default({}),
  /** Which form stands for one of another app: by `outside:o1`. Relations to those that none stands for are left off. */
  forms: z.record(z.string().max(50), uuidOf<'form'>()).default({}),
  /** Parts that the package decides though people changed or removed them. */
  take: z.array(z.string().max(140)).max(5000).default([]),
  /** Roles whose name is there already: theirs get the package's rights, or new ones are made. */
  roles: z.enum(['join', 'new']).default('new'),
  /** Flows without faults begin at once; else they arrive switched off. */
  startFlows: z.boolean().default(false),
  sample: z.boolean().default(false),
});
export type InstallChoice = z.infer<typeof installChoice>;

export const packagePreview = z.object({
  id: uuidOf<'appPackage'>(),
  fileName: z.string(),
  name: z.string(),
  version: z.string(),
  description: z.string(),
  /**
   * Apps of this company that came from the same package and may be upgraded by the reader. Not `recorded`: installed before
   * it was kept what came from where; the package's parts are found in it by keys and names, and what differs is kept
   * unless taken.
   */
  apps: z.array(z.object({ id: uuidOf<'app'>(), name: z.string(), version: z.string(), recorded: z.boolean() })),
  mayInstallNew: z.boolean(),
  /** Whether roles with the same names may be joined; `sameRoles` are those. */
  mayJoinRoles: z.boolean(),
  sameRoles: z.array(z.string()),
  choice: installChoice,
  /** What the new app will be called. */
  appName: z.string(),
  /** The app has this version or a newer one. */
  older: z.boolean(),
  parts: z.array(packagePart),
  open: z.array(openItem.extend({ token: z.string(), filled: z.boolean() })),
  left: z.array(leftItem),
  through: z.array(throughItem),
  sampleRows: z.number().int(),
  /** Why it cannot be installed like this. */
  problem: z.string().nullable(),
});
export type PackagePreview = z.infer<typeof packagePreview>;

export const installedPackage = z.object({
  app: appView,
  created: z.number().int(),
  updated: z.number().int(),
  kept: z.number().int(),
  /** Flows that wait for somebody to complete them. */
  drafts: z.array(z.string()),
  sampleRows: z.number().int(),
  /** Why there are no sample rows, in the reader's language. */
  sampleProblem: z.string().nullable(),
});
export type InstalledPackage = z.infer<typeof installedPackage>;

const app = z.object({ appId: uuidOf<'app'>() });
const file = z.object({ id: uuidOf<'appPackage'>() });

export const packageContracts = {
  'packages.outline': {
    tag: 'apps',
    summary: '导出应用前：会带走什么、留下什么',
    params: app,
    answer: packageOutline,
  },
  'packages.export': {
    tag: 'apps',
    summary: '把应用导出为一个文件',
    params: app,
    body: exportPackageBody,
    stream: true,
  },
  'packages.read': {
    tag: 'apps',
    summary: '读入应用包文件，回答安装会做什么；不写入应用',
    answer: packagePreview,
    upload: true,
  },
  'packages.preview': {
    tag: 'apps',
    summary: '换一种方式安装会做什么；不写入应用',
    params: file,
    body: installChoice,
    answer: packagePreview,
  },
  'packages.install': {
    tag: 'apps',
    summary: '安装或升级应用；同一个文件重复提交只做一次',
    params: file,
    body: installChoice,
    answer: installedPackage,
  },
} as const;
