import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { uuidOf } from '../ids.js';

/** Which form holds customers, and which of its parts the side bar shows; what is absent is found by the template's keys. */
export const sidebarSettings = z.object({
  formId: uuidOf<'form'>().optional(),
  /** Key or id of a tags or multiple choice field. */
  tagField: z.string().max(60).optional(),
  followUpFormId: uuidOf<'form'>().optional(),
});
export type SidebarSettings = z.infer<typeof sidebarSettings>;

const formRef = z.object({ id: uuidOf<'form'>(), name: z.string() });

/** 客户联系与侧边栏 of a connection's check-list. */
export const sidebarSetup = z.object({
  /** The page to enter under 聊天工具栏. */
  url: z.string(),
  /** Whether the platform let us read customers last time; null: not tried yet. */
  ok: z.boolean().nullable(),
  message: z.string(),
  /** When somebody last opened the side bar. */
  openedAt: z.string().nullable(),
  settings: sidebarSettings,
  /** What holds now, chosen or found. */
  form: formRef.nullable(),
  tagField: z.object({ key: z.string(), name: z.string() }).nullable(),
  followUp: formRef.nullable(),
  /** What can be chosen. */
  forms: z.array(
    z.object({
      id: uuidOf<'form'>(),
      name: z.string(),
      tagFields: z.array(z.object({ key: z.string(), name: z.string() })),
      followUps: z.array(formRef),
    }),
  ),
});
export type SidebarSetup = z.infer<typeof sidebarSetup>;

const externalContact = z.object({
  name: z.string(),
  /** Of members of other companies, or as the follower noted it. */
  company: z.string().nullable(),
  position: z.string().nullable(),
  kind: z.enum(['wechat', 'company']),
  /** As the reader himself noted them. */
  remark: z.string().nullable(),
  mobiles: z.array(z.string()),
  tags: z.array(z.string()),
});
export type ExternalContactView = z.infer<typeof externalContact>;

/** Why a customer is suggested. */
export const matchReasons = ['phone', 'contact', 'company', 'name'] as const;
export type MatchReason = (typeof matchReasons)[number];

const linkedCustomer = z.discriminatedUnion('state', [
  z.object({ state: z.literal('linked'), id: uuidOf<'record'>(), label: z.string() }),
  /** There is one, and it is not for this reader: nothing more is told. */
  z.object({ state: z.literal('hidden') }),
  z.object({
    state: z.literal('none'),
    suggestions: z.array(z.object({ id: uuidOf<'record'>(), label: z.string(), why: z.enum(matchReasons) })),
  }),
]);

/** What the side bar shows beside a chat with an external contact. */
export const sidebarView = z.object({
  contact: externalContact,
  customer: linkedCustomer,
  /** The form of customers; null where the company has none or the reader may not see it. */
  formId: uuidOf<'form'>().nullable(),
  mayCreate: z.boolean(),
  /** Values for a new customer, by field key. */
  preset: z.record(z.string(), z.json()),
  tagField: z.string().nullable(),
  followUpFormId: uuidOf<'form'>().nullable(),
  /** Where the person himself is kept beside his company, with values for a new one; null where nowhere. */
  person: z
    .object({ formId: uuidOf<'form'>(), relation: z.string(), preset: z.record(z.string(), z.json()) })
    .nullable(),
});
export type SidebarView = z.infer<typeof sidebarView>;

const beside = {
  connectionId: uuidOf<'connection'>(),
  externalUserid: z.string().regex(/^[0-9A-Za-z_-]{4,80}$/, 'external_id' satisfies ShapeText),
};
const ofConnection = z.object({ connectionId: uuidOf<'connection'>() });

/** What a page shows to its chat client before it may use the client's interface. */
export const pageSignature = z.object({
  channel: z.enum(['wecom', 'dingtalk']),
  corpId: z.string(),
  agentId: z.string(),
  timestamp: z.number().int(),
  nonceStr: z.string(),
  /** For the interface as a whole. */
  signature: z.string(),
  /** For the app's part of it, where the platform tells them apart. */
  agentSignature: z.string().nullable(),
});

/** Somebody a record leads to with whom the reader may chat: an external contact of his own, or a colleague. */
export const recordChat = z.object({
  kind: z.enum(['external', 'member']),
  /** As the platform knows him. */
  userid: z.string(),
  label: z.string(),
});
export type RecordChat = z.infer<typeof recordChat>;

export const sidebarContracts = {
  'records.chats': {
    tag: 'chat',
    summary: '这条数据能打开谁的会话：对应的外部联系人、负责人',
    params: z.object({ formId: uuidOf<'form'>(), id: uuidOf<'record'>() }),
    query: z.object({ connectionId: uuidOf<'connection'>() }),
    answer: z.object({ items: z.array(recordChat), cursor: z.null() }),
  },
  'pages.sign': {
    tag: 'chat',
    summary: '聊天客户端内的页面签名（JS-SDK）',
    body: z.object({
      connectionId: uuidOf<'connection'>(),
      /** The page's path with its query and without the part behind #. */
      path: z
        .string()
        .min(1)
        .max(2000)
        .regex(/^\/[^#]*$/, 'page_path' satisfies ShapeText)
        .refine((path) => !path.startsWith('//'), 'page_path' satisfies ShapeText),
    }),
    answer: pageSignature,
  },
  'sidebar.open': {
    tag: 'chat',
    summary: '侧边栏：聊天里的外部联系人是哪个客户',
    body: z.object(beside),
    answer: sidebarView,
  },
  'sidebar.link': {
    tag: 'chat',
    summary: '侧边栏：把外部联系人对应到客户',
    body: z.object({ ...beside, recordId: uuidOf<'record'>() }),
    answer: sidebarView,
  },
  'sidebar.unlink': {
    tag: 'chat',
    summary: '侧边栏：取消对应',
    body: z.object(beside),
    answer: sidebarView,
  },
  'sidebar.setup': { tag: 'chat', summary: '客户联系与侧边栏的设置', params: ofConnection, answer: sidebarSetup },
  'sidebar.saveSetup': {
    tag: 'chat',
    summary: '改客户联系与侧边栏的设置',
    params: ofConnection,
    body: sidebarSettings,
    answer: sidebarSetup,
  },
  'sidebar.check': {
    tag: 'chat',
    summary: '检查能否读取客户联系',
    params: ofConnection,
    answer: sidebarSetup,
  },
} as const;
