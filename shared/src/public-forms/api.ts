import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import type { FieldTypeName } from '../fields/registry.js';
import { uuidOf } from '../ids.js';
import { recordValues } from '../records/write.js';

/** What may be uploaded through a link; the type is what the bytes say. */
export const uploadKinds = ['image', 'pdf', 'office', 'any'] as const;
export type UploadKind = (typeof uploadKinds)[number];

/** Types that nobody outside the company can fill in: they name its people, or are kept by the system. */
export const insideTypes: readonly FieldTypeName[] = [
  'member',
  'members',
  'department',
  'departments',
  'autonumber',
  'lastContact',
];

/** Types that the rows of a subform cannot hold on a public page: what is chosen or sent there belongs to the page itself. */
export const notInPublicRows: readonly FieldTypeName[] = [
  ...insideTypes,
  'relation',
  'relations',
  'attachment',
  'image',
  'signature',
];

export const publicFormSettings = z.object({
  name: z.string().trim().min(1).max(60),
  /** Heading of the page; the form's name when empty. */
  title: z.string().trim().max(60).default(''),
  intro: z.string().trim().max(500).default(''),
  /** Field ids, in the order in which the page shows them; what is not named does not exist for visitors. */
  fields: z.array(z.string().max(60)).min(1).max(200),
  /** Relation fields whose records visitors may choose from: their titles are then public. */
  pickers: z.array(z.string().max(60)).max(20).default([]),
  /** Instants between which the link takes submissions. */
  opensAt: z.iso.datetime({ offset: true }).nullable().default(null),
  closesAt: z.iso.datetime({ offset: true }).nullable().default(null),
  maxTotal: z.number().int().min(1).max(1_000_000).nullable().default(null),
  /** Submissions of one browser. */
  maxPerVisitor: z.number().int().min(1).max(1000).nullable().default(null),
  /** Only links made for one person each are taken; the common address shows nothing. */
  invitedOnly: z.boolean().default(false),
  captcha: z.boolean().default(true),
  /** Values for fields may come with the address: `?phone=138…`. */
  prefill: z.boolean().default(false),
  uploads: z
    .object({
      kinds: z.array(z.enum(uploadKinds)).min(1).default(['image', 'pdf']),
      /** Megabytes of one file. */
      maxMb: z.number().int().min(1).max(20).default(5),
      /** Files of one submission. */
      maxFiles: z.number().int().min(1).max(20).default(5),
    })
    .default({ kinds: ['image', 'pdf'], maxMb: 5, maxFiles: 5 }),
  /** Who owns what is submitted. */
  ownerId: uuidOf<'member'>().nullable().default(null),
  success: z
    .object({ title: z.string().trim().max(60).default(''), text: z.string().trim().max(500).default('') })
    .default({ title: '', text: '' }),
});
export type PublicFormSettings = z.infer<typeof publicFormSettings>;

const password = z.string().min(4, '密码至少 4 位').max(64);
export const createPublicFormBody = z.object({
  settings: publicFormSettings,
  enabled: z.boolean().default(true),
  password: password.optional(),
});
/** `password` null takes it away. */
export const updatePublicFormBody = z.object({
  settings: publicFormSettings.optional(),
  enabled: z.boolean().optional(),
  password: password.nullable().optional(),
});

export const publicFormView = z.object({
  id: uuidOf<'publicForm'>(),
  formId: uuidOf<'form'>(),
  /** Address of the page. */
  url: z.string(),
  enabled: z.boolean(),
  /** Whether it takes submissions now, and if not, why. */
  state: z.enum(['open', 'off', 'early', 'over', 'full']),
  hasPassword: z.boolean(),
  settings: publicFormSettings,
  submissions: z.number().int(),
  lastAt: z.string().nullable(),
});
export type PublicFormView = z.infer<typeof publicFormView>;

/** Most one-time links of a public form, used and revoked ones included. */
export const mostInvites = 5000;
export const inviteState = z.enum(['open', 'used', 'revoked']);
/** 一次性链接: takes one submission, from whomever it was given to. */
export const publicInvite = z.object({
  id: z.string(),
  /** Whom it is for, in the maker's words. */
  label: z.string(),
  url: z.string(),
  state: inviteState,
  createdAt: z.string(),
  usedAt: z.string().nullable(),
  /** What was submitted by it. */
  recordId: z.string().nullable(),
});
export type PublicInvite = z.infer<typeof publicInvite>;
export const createInvitesBody = z.object({ labels: z.array(z.string().trim().min(1).max(60)).min(1).max(200) });
export const inviteQuery = z.object({ state: inviteState.optional(), cursor: z.uuid().optional() });

const token = z.string().regex(/^[A-Za-z0-9_-]{10,40}$/, 'link_token' satisfies ShapeText);
export const publicParams = z.object({ token });
/** Proof that the password was right; opaque. */
const pass = z.string().max(500).optional();

export const captchaView = z.object({
  /** Opaque; comes back with the answer, serves once and for ten minutes. */
  key: z.string(),
  /** A picture of a small sum. */
  svg: z.string(),
});
export const openPublicFormBody = z.object({ password: z.string().max(64).optional(), pass });
export const pickBody = z.object({
  pass,
  field: z.string().max(60),
  search: z.string().max(60).default(''),
  /** What the page holds now in the fields that decide what may be chosen (级联), by field key; others decide nothing. */
  values: recordValues.optional(),
});
export const submitBody = z.object({
  pass,
  /** Made by the page: the same submission sent again is taken once. */
  id: uuidOf<'record'>().optional(),
  values: recordValues,
  captcha: z.object({ key: z.string().max(500), answer: z.string().max(10) }).optional(),
});
export type SubmitBody = z.infer<typeof submitBody>;
export const submitResult = z.object({
  title: z.string(),
  text: z.string(),
  /** Whether the link takes another one of the same visitor. */
  again: z.boolean(),
});
