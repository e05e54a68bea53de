import { z } from 'zod';
import {
  explainBody,
  explanation,
  previewBody,
  previewView,
  shareBody,
  shareView,
  unmaskBody,
  unmaskQuota,
  unmaskResult,
} from '../access/api.js';
import { shareRequestContracts } from '../access/requests.js';
import { apiKeyContracts } from '../api-keys/contracts.js';
import { appAccess, appAccessView } from '../apps/access.js';
import { appView, arrangeBody, createAppBody, installResult, templateSummary, updateAppBody } from '../apps/api.js';
import { packageContracts } from '../apps/package-api.js';
import { auditContracts } from '../audit/contracts.js';
import { deliveryContracts } from '../chat/deliveries.js';
import { chatGroupContracts } from '../chat/groups.js';
import { relayAddress } from '../chat/login-relay.js';
import { miniAppId } from '../chat/mini-program.js';
import { notifyContracts } from '../chat/notify.js';
import { proxyAddress } from '../chat/proxy-address.js';
import { sidebarContracts } from '../chat/sidebar.js';
import { siteFileContent, siteFileName } from '../chat/site-files.js';
import { withheldNames } from '../chat/withheld.js';
import {
  createDashboardBody,
  dashboardData,
  dashboardView,
  deletedItem,
  updateDashboardBody,
  widget,
  widgetData,
} from '../dashboards/definition.js';
import { subscriptionContracts } from '../dashboards/subscriptions.js';
import { duplicateContracts } from '../duplicates/contracts.js';
import { fileView } from '../files/api.js';
import {
  createFlowBody,
  flowDetail,
  flowHook,
  flowSummary,
  flowVersion,
  hookResult,
  migrateResult,
  pressBody,
  pressResult,
  recordButton,
  replayFlowBody,
  replayFlowResult,
  runDetail,
  runQuery,
  runRetention,
  runSummary,
  runsActBody,
  runsActResult,
  testFlowBody,
  testFlowResult,
  updateFlowBody,
  waitingAt,
} from '../flows/api.js';
import { flowDefinition } from '../flows/definition.js';
import {
  createSecretBody,
  flowSecretView,
  mailAccountBody,
  mailAccountView,
  mailTestBody,
  mailTestResult,
  rotateSecretBody,
} from '../flows/outside-api.js';
import { copyFormBody, createFormBody, updateFormBody } from '../forms/definition.js';
import { derivedBuild, formulaTrial, formulaTrialBody } from '../forms/derived.js';
import { deletedView, savedView, viewDef, viewPatch } from '../forms/views.js';
import { handoverContracts } from '../handover/contracts.js';
import { uuidOf } from '../ids.js';
import { importView, issueKinds, issueRow, planBody, undoReport } from '../imports/api.js';
import { mapTilesSetting } from '../maps/tiles.js';
import {
  createMemberBody,
  departmentBody,
  departmentView,
  me,
  memberView,
  roleBody,
  roleView,
  updateMemberBody,
} from '../org/api.js';
import {
  acceptInviteBody,
  codeBody,
  connections,
  inviteInfo,
  inviteResult,
  loginResult,
  passwordBody,
  qrBody,
  qrState,
  qrTicket,
  switchBody,
} from '../org/auth.js';
import { poolContracts } from '../pools/contracts.js';
import { printContracts } from '../print/contracts.js';
import { publicFormContracts } from '../public-forms/contracts.js';
import { recordLinkContracts } from '../record-links/contracts.js';
import {
  bulkBody,
  bulkEntry,
  bulkResult,
  deletePreview,
  deletePreviewBody,
  revertBody,
  revertResult,
} from '../records/bulk.js';
import { commentBody, commentView } from '../records/comments.js';
import { exportBody, exportView } from '../records/exports.js';
import { nearbyBody, nearbyItem } from '../records/nearby.js';
import { placesAnswer, placesBody } from '../records/places.js';
import { aggregateItem, aggregateQuery, recordPage, recordQuery, recordView } from '../records/query.js';
import { recordLink, recordRef, searchBody } from '../records/shortcuts.js';
import { transferBody, transferPreview, transferPreviewBody, transferResult } from '../records/transfer.js';
import {
  batchBody,
  batchResult,
  binBody,
  createRecordBody,
  historyEntry,
  restoreResult,
  updateRecordBody,
} from '../records/write.js';
import { targetContracts } from '../targets/contracts.js';
import { taskContracts } from '../tasks/contracts.js';
import { trialContracts } from '../trials/contracts.js';
import { usageContracts } from '../usage/contracts.js';
import { workbenchContracts } from '../workbench/contracts.js';
import { formDesignContracts } from './form-contracts.js';
import { formView } from './form-view.js';
import type { RouteName } from './routes.js';

/** What a route takes and answers. `answer` absent means 204. `tag` groups it in the OpenAPI document. */
export interface Contract {
  tag: string;
  summary: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  answer?: z.ZodType;
  /** Reachable without log-in. */
  open?: boolean;
  /** Body is multipart with one `file`. */
  upload?: boolean;
  /** Answers a file or a stream instead of JSON. */
  stream?: boolean;
}

const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), cursor: z.string().nullable() });
const id = <Kind extends string>() => z.object({ id: uuidOf<Kind>() });
const form = z.object({ formId: uuidOf<'form'>() });
const record = z.object({ formId: uuidOf<'form'>(), id: uuidOf<'record'>() });
const ofApp = z.object({ appId: uuidOf<'app'>().optional() });
const inApp = z.object({ appId: uuidOf<'app'>() });
const connectionSettings = z.object({
  /** How events and presses arrive: over a stream that we open, or at our public address. */
  push: z.enum(['stream', 'http']).optional(),
  robotCode: z.string().trim().max(100).optional(),
  cardTemplateId: z.string().trim().max(100).optional(),
  /** Where log-ins come back when another system owns the domain that the platform sends them to. */
  loginRelay: relayAddress.optional(),
  /** Cards open in this mini-program instead of a page. */
  miniAppId: miniAppId.optional(),
  /** The app is that mini-program's own: what only tells goes out as 小程序通知 where it fits. */
  miniNotices: z.boolean().optional(),
  /** The app is a mini-program itself (DingTalk): its messages open there. */
  miniPages: z.boolean().optional(),
});
export const connectionView = z.object({
  id: uuidOf<'connection'>(),
  channel: z.enum(['wecom', 'dingtalk']),
  name: z.string(),
  corpId: z.string(),
  agentId: z.string(),
  /** Public name of the credentials, where it is not the agent id. */
  appKey: z.string().nullable(),
  settings: connectionSettings,
  /** Secrets are never read back; true when set. */
  secretSet: z.boolean(),
  /** The proxy of its calls to the platform, without the password. */
  proxy: z.string().nullable(),
  callbackUrl: z.string(),
  callbackToken: z.string(),
  /** EncodingAESKey: the administrator copies it into the platform's console together with the token. */
  callbackAesKey: z.string(),
  callbackSet: z.boolean(),
  /** Files at the root of our address, by which the platform sees that the address is the company's; `url` is where each stands. */
  siteFiles: z.array(z.object({ name: z.string(), content: z.string(), url: z.string() })),
  checks: z.array(z.object({ key: z.string(), ok: z.boolean().nullable(), message: z.string() })),
  /** The last synchronisation of departments and people; it runs every night, after saving and on demand. */
  sync: z.object({
    state: z.enum(['never', 'queued', 'done', 'failed']),
    /** When it ended, or was asked for while `queued`. */
    at: z.string().nullable(),
    report: z
      .object({
        departments: z.number().int(),
        members: z.number().int(),
        created: z.number().int(),
        left: z.number().int(),
        /** Leavers not believed because there are suspiciously many. */
        heldBack: z.number().int(),
      })
      .nullable(),
    /** Why it failed, for administrators. */
    problem: z.string().nullable(),
  }),
  /** Of an app of the platform's directory, which has no secrets to fill in: the company's consent. Null for its own app. */
  suite: z
    .object({
      state: z.enum(['pending', 'active', 'cancelled']),
      corpName: z.string(),
      /** How many people and departments the consent names; null where the platform does not say. */
      scope: z.object({ people: z.number().int().nullable(), departments: z.number().int().nullable() }),
      installedAt: z.string().nullable(),
      cancelledAt: z.string().nullable(),
      /** People whose names the platform withholds and nobody has entered: another text stands in their place. */
      nameless: z.number().int(),
      /** After this the data of a company that took the app away may be deleted. */
      deleteAfter: z.string().nullable(),
    })
    .nullable(),
});
/** Until when somebody may use an app of the directory; the company as a whole where `userid` is null. */
const connectionLicence = z.object({
  userid: z.string().nullable(),
  member: z.object({ id: uuidOf<'member'>(), label: z.string() }).nullable(),
  /** Of the company's licence: for how many people. */
  seats: z.number().int().nullable(),
  activeAt: z.string().nullable(),
  expiresAt: z.string(),
});
/** An account of a connection, the member it is, and who else he might be. */
const connectionAccount = z.object({
  userid: z.string(),
  member: z.object({ id: uuidOf<'member'>(), label: z.string() }),
  state: z.enum(['active', 'invited', 'left']),
  suggestion: z.object({ id: uuidOf<'member'>(), label: z.string() }).nullable(),
});
/** Chats a member has, and the one he wants his messages in. */
const chatChoice = z.object({
  channels: z.array(z.enum(['wecom', 'dingtalk'])),
  choice: z.enum(['wecom', 'dingtalk']).nullable(),
});
export const connectionBody = z.object({
  id: uuidOf<'connection'>().optional(),
  channel: z.enum(['wecom', 'dingtalk']),
  name: z.string().trim().min(1).max(40),
  corpId: z.string().trim().min(1).max(64),
  agentId: z.string().trim().min(1).max(32),
  appKey: z.string().trim().min(1).max(100).optional(),
  settings: connectionSettings.optional(),
  secret: z.string().min(1).max(200).optional(),
  /** `http(s)://[user:password@]host[:port]` for all calls to the platform; absent: as it is, null: none. */
  proxy: proxyAddress.nullable().optional(),
});
/** A step of the demonstration's walk as the product's own data shows it; `url` is where it goes on. */
const demoStep = z.object({
  key: z.string(),
  state: z.enum(['todo', 'done', 'failed']),
  reason: z.string().nullable(),
  url: z.string().nullable(),
});

/** Routes of log-in, people, apps, forms and records. */
export const firstContracts = {
  'auth.password': { tag: 'auth', summary: '账号密码登录', body: passwordBody, answer: loginResult, open: true },
  'auth.connections': {
    tag: 'auth',
    summary: '登录页可用的登录方式',
    query: z.object({ tenant: z.string().max(60).optional(), connection: uuidOf<'connection'>().optional() }),
    answer: connections,
    open: true,
  },
  'auth.qr.create': { tag: 'auth', summary: '取得登录二维码', body: qrBody, answer: qrTicket, open: true },
  'auth.qr.get': {
    tag: 'auth',
    summary: '二维码状态',
    params: z.object({ id: z.string() }),
    answer: qrState,
    open: true,
  },
  'auth.code': {
    tag: 'auth',
    summary: '聊天端免登',
    params: z.object({ channel: z.enum(['wecom', 'dingtalk']) }),
    body: codeBody,
    answer: loginResult,
    open: true,
  },
  'auth.signOut': { tag: 'auth', summary: '退出登录' },
  'auth.signOutAll': { tag: 'auth', summary: '退出所有设备' },
  'auth.switch': { tag: 'auth', summary: '切换企业', body: switchBody, answer: loginResult },
  'auth.invite.get': {
    tag: 'auth',
    summary: '查看邀请',
    params: z.object({ token: z.string() }),
    answer: inviteInfo,
    open: true,
  },
  'auth.invite.accept': {
    tag: 'auth',
    summary: '接受邀请并设置密码',
    body: acceptInviteBody,
    answer: loginResult,
    open: true,
  },
  'me.get': { tag: 'auth', summary: '当前成员', answer: me },
  'members.list': {
    tag: 'org',
    summary: '成员',
    query: z.object({ search: z.string().max(60).optional(), state: z.string().optional() }),
    answer: list(memberView),
  },
  'names.withheld': {
    tag: 'chat',
    summary: '平台不提供的姓名：页面上由平台自己显示，别处以代称代替',
    answer: withheldNames,
  },
  'names.search': {
    tag: 'chat',
    summary: '按平台上的姓名、拼音或英文名找成员',
    query: z.object({ name: z.string().trim().min(1).max(64) }),
    /** `searchable`: the platform could be asked. */
    answer: z.object({ searchable: z.boolean(), ids: z.array(uuidOf<'member'>()) }),
  },
  'members.create': { tag: 'org', summary: '新增成员', body: createMemberBody, answer: memberView },
  'members.update': {
    tag: 'org',
    summary: '修改成员',
    params: z.object({ memberId: uuidOf<'member'>() }),
    body: updateMemberBody,
    answer: memberView,
  },
  'members.invite': {
    tag: 'org',
    summary: '一次性邀请链接',
    params: z.object({ memberId: uuidOf<'member'>() }),
    answer: inviteResult,
  },
  'departments.list': { tag: 'org', summary: '部门', answer: list(departmentView) },
  'departments.create': { tag: 'org', summary: '新增部门', body: departmentBody, answer: departmentView },
  'departments.update': {
    tag: 'org',
    summary: '修改部门',
    params: z.object({ departmentId: uuidOf<'department'>() }),
    body: departmentBody.partial(),
    answer: departmentView,
  },
  'departments.delete': { tag: 'org', summary: '删除部门', params: z.object({ departmentId: uuidOf<'department'>() }) },
  'roles.list': { tag: 'org', summary: '角色', answer: list(roleView) },
  'roles.create': { tag: 'org', summary: '新增角色', body: roleBody, answer: roleView },
  'roles.update': {
    tag: 'org',
    summary: '修改角色',
    params: z.object({ roleId: uuidOf<'role'>() }),
    body: roleBody.partial(),
    answer: roleView,
  },
  'roles.delete': { tag: 'org', summary: '删除角色', params: z.object({ roleId: uuidOf<'role'>() }) },
  'apps.list': { tag: 'apps', summary: '应用', answer: list(appView) },
  'apps.create': { tag: 'apps', summary: '新建应用', body: createAppBody, answer: appView },
  'apps.arrange': {
    tag: 'apps',
    summary: '排列应用导航，并分组',
    params: z.object({ appId: uuidOf<'app'>() }),
    body: arrangeBody,
    answer: appView,
  },
  'apps.update': {
    tag: 'apps',
    summary: '给应用改名',
    params: z.object({ appId: uuidOf<'app'>() }),
    body: updateAppBody,
    answer: appView,
  },
  'apps.delete': {
    tag: 'apps',
    summary: '删除空的应用：里面没有表单、流程、看板，回收站里也没有',
    params: z.object({ appId: uuidOf<'app'>() }),
  },
  'templates.list': { tag: 'apps', summary: '应用模板', answer: list(templateSummary) },
  'templates.install': {
    tag: 'apps',
    summary: '安装应用模板',
    params: z.object({ key: z.string().max(40) }),
    answer: installResult,
  },
  'forms.list': { tag: 'forms', summary: '表单', query: ofApp, answer: list(formView) },
  'forms.create': { tag: 'forms', summary: '新建表单', body: createFormBody, answer: formView },
  'forms.get': { tag: 'forms', summary: '读取表单', params: form, answer: formView },
  'forms.update': { tag: 'forms', summary: '修改表单', params: form, body: updateFormBody, answer: formView },
  'forms.copy': {
    tag: 'forms',
    summary: '复制表单：设计相同，没有数据',
    params: form,
    body: copyFormBody,
    answer: z.object({ form: formView, left: z.array(z.string()) }),
  },
  'forms.delete': { tag: 'forms', summary: '删除表单', params: form },
  'forms.derived': { tag: 'forms', summary: '正在计算的公式字段', params: form, answer: list(derivedBuild) },
  'forms.tryFormula': {
    tag: 'forms',
    summary: '在一条数据上试算公式',
    params: form,
    body: formulaTrialBody,
    answer: formulaTrial,
  },
  'views.list': { tag: 'forms', summary: '视图', params: form, answer: list(savedView) },
  'views.create': { tag: 'forms', summary: '新建视图', params: form, body: viewDef, answer: savedView },
  'views.update': {
    tag: 'forms',
    summary: '修改视图',
    params: form.extend({ viewId: uuidOf<'view'>() }),
    body: viewPatch,
    answer: savedView,
  },
  'views.delete': { tag: 'forms', summary: '删除视图，放进回收站', params: form.extend({ viewId: uuidOf<'view'>() }) },
  'views.deleted': { tag: 'forms', summary: '回收站里的视图', params: form, answer: list(deletedView) },
  'views.restore': {
    tag: 'forms',
    summary: '恢复视图',
    params: form.extend({ viewId: uuidOf<'view'>() }),
    answer: savedView,
  },
  'records.create': { tag: 'records', summary: '新增数据', params: form, body: createRecordBody, answer: recordView },
  'records.get': { tag: 'records', summary: '读取数据', params: record, answer: recordView },
  'records.update': { tag: 'records', summary: '修改数据', params: record, body: updateRecordBody, answer: recordView },
  'records.delete': { tag: 'records', summary: '删除数据', params: record },
  'records.history': {
    tag: 'records',
    summary: '修改历史',
    params: record,
    query: z.object({ cursor: z.string().optional() }),
    answer: list(historyEntry),
  },
  'records.query': { tag: 'records', summary: '查询数据', params: form, body: recordQuery, answer: recordPage },
  'records.places': {
    tag: 'records',
    summary: '数据在地图上的分布',
    params: form,
    body: placesBody,
    answer: placesAnswer,
  },
  'records.nearby': {
    tag: 'records',
    summary: '离一个地点最近的数据',
    params: form,
    body: nearbyBody,
    answer: z.object({ items: z.array(nearbyItem) }),
  },
  'records.batch': {
    tag: 'records',
    summary: '批量写入',
    params: form,
    body: batchBody,
    answer: z.object({ results: z.array(batchResult), batchId: z.string() }),
  },
  'records.aggregate': {
    tag: 'records',
    summary: '汇总',
    params: form,
    body: aggregateQuery,
    answer: z.object({ items: z.array(aggregateItem) }),
  },
  'records.restore': {
    tag: 'records',
    summary: '从回收站恢复，连同一起删除的数据',
    params: form,
    body: binBody,
    answer: restoreResult,
  },
  'records.purge': {
    tag: 'records',
    summary: '彻底删除回收站里的数据',
    params: form,
    body: binBody,
    answer: z.object({ purged: z.number().int() }),
  },
  'records.transferPreview': {
    tag: 'records',
    summary: '转移前看看哪些数据一起走',
    params: form,
    body: transferPreviewBody,
    answer: transferPreview,
  },
  'records.transfer': {
    tag: 'records',
    summary: '把数据转移给另一位负责人',
    params: form,
    body: transferBody,
    answer: transferResult,
  },
  'records.bulk': {
    tag: 'records',
    summary: '对多条数据做同一件事，作为一批，可以撤销',
    params: form,
    body: bulkBody,
    answer: bulkResult,
  },
  'records.deletePreview': {
    tag: 'records',
    summary: '删除前看看哪些数据与之关联',
    params: form,
    body: deletePreviewBody,
    answer: deletePreview,
  },
  'records.revert': {
    tag: 'records',
    summary: '把一条数据恢复到历史上的某一刻，全部或某些字段',
    params: record,
    body: revertBody,
    answer: revertResult,
  },
} as const satisfies Partial<Record<RouteName, Contract>>;

/** All other routes that have no file of their own. */
export const otherContracts = {
  'comments.list': { tag: 'records', summary: '评论', params: record, answer: list(commentView) },
  'comments.create': {
    tag: 'records',
    summary: '发表评论，可以 @ 成员',
    params: record,
    body: commentBody,
    answer: commentView,
  },
  'comments.update': {
    tag: 'records',
    summary: '修改自己的评论',
    params: z.object({ commentId: uuidOf<'comment'>() }),
    body: commentBody,
    answer: commentView,
  },
  'comments.delete': {
    tag: 'records',
    summary: '删除评论',
    params: z.object({ commentId: uuidOf<'comment'>() }),
  },
  'shares.list': { tag: 'access', summary: '这条数据共享给了谁', params: record, answer: list(shareView) },
  'shares.create': {
    tag: 'access',
    summary: '把一条数据共享给成员、部门或角色',
    params: record,
    body: shareBody,
    answer: list(shareView),
  },
  'shares.delete': { tag: 'access', summary: '取消共享', params: z.object({ shareId: uuidOf<'share'>() }) },
  'records.unmask': {
    tag: 'access',
    summary: '查看一个脱敏字段的完整内容，计入当天次数并留痕',
    params: record,
    body: unmaskBody,
    answer: unmaskResult,
  },
  'forms.unmaskQuota': {
    tag: 'access',
    summary: '每天能查看多少个脱敏字段的完整内容，今天还剩多少',
    params: z.object({ formId: uuidOf<'form'>() }),
    answer: unmaskQuota,
  },
  'apps.access.get': {
    tag: 'access',
    summary: '谁能看到应用、谁是应用管理员',
    params: z.object({ appId: uuidOf<'app'>() }),
    answer: appAccessView,
  },
  'apps.access.set': {
    tag: 'access',
    summary: '设置谁能看到应用、谁是应用管理员',
    params: z.object({ appId: uuidOf<'app'>() }),
    body: appAccess,
  },
  'access.explain': {
    tag: 'access',
    summary: '某人为什么能或不能看到、做到，逐条说明规则',
    body: explainBody,
    answer: explanation,
  },
  'access.preview': {
    tag: 'access',
    summary: '开始以某人身份预览（只读，一小时，留痕）；之后的请求带上 x-lianke-preview',
    body: previewBody,
    answer: previewView,
  },
  'exports.create': { tag: 'exports', summary: '导出数据', params: form, body: exportBody, answer: exportView },
  'exports.list': {
    tag: 'exports',
    summary: '我的导出',
    query: z.object({ formId: uuidOf<'form'>().optional() }),
    answer: list(exportView),
  },
  'exports.get': { tag: 'exports', summary: '导出进度', params: id<'export'>(), answer: exportView },
  'exports.cancel': { tag: 'exports', summary: '停止导出', params: id<'export'>(), answer: exportView },
  'exports.notify': {
    tag: 'exports',
    summary: '导出结束时通知我',
    params: id<'export'>(),
    answer: exportView,
  },
  'exports.file': { tag: 'exports', summary: '下载导出的文件', params: id<'export'>(), stream: true },
  'search.all': {
    tag: 'records',
    summary: '搜索所有看得到的表单',
    body: searchBody,
    answer: z.object({ items: z.array(recordLink) }),
  },
  'favourites.list': { tag: 'records', summary: '收藏的数据', answer: list(recordLink) },
  'favourites.add': { tag: 'records', summary: '收藏', body: recordRef },
  'favourites.remove': { tag: 'records', summary: '取消收藏', body: recordRef },
  'recents.list': { tag: 'records', summary: '最近打开的数据', answer: list(recordLink) },
  'recents.add': { tag: 'records', summary: '记下打开过的数据', body: recordRef },
  'batches.list': { tag: 'records', summary: '批量操作的记录', params: form, answer: list(bulkEntry) },
  'batches.undo': {
    tag: 'records',
    summary: '撤销一批修改',
    params: z.object({ batchId: uuidOf<'batch'>() }),
    answer: undoReport,
  },
  'files.upload': { tag: 'files', summary: '上传文件', answer: fileView, upload: true },
  'files.get': { tag: 'files', summary: '下载文件', params: id<'file'>(), stream: true },
  'imports.create': {
    tag: 'imports',
    summary: '上传要导入的表格',
    query: z.object({ appId: uuidOf<'app'>(), formId: uuidOf<'form'>().optional() }),
    answer: importView,
    upload: true,
  },
  'imports.list': { tag: 'imports', summary: '导入记录', query: ofApp, answer: list(importView) },
  'imports.get': { tag: 'imports', summary: '导入进度与结果', params: id<'import'>(), answer: importView },
  'imports.plan': {
    tag: 'imports',
    summary: '修改对应关系并重新核对',
    params: id<'import'>(),
    body: planBody,
    answer: importView,
  },
  'imports.rows': {
    tag: 'imports',
    summary: '某一项计数背后的行',
    params: id<'import'>(),
    query: z.object({
      sheet: z.string(),
      target: z.string().optional(),
      kind: z.enum([...issueKinds, 'import']),
      subject: z.string().optional(),
      offset: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ items: z.array(issueRow), total: z.number().int() }),
  },
  'imports.start': {
    tag: 'imports',
    summary: '开始导入',
    params: id<'import'>(),
    body: planBody.partial(),
    answer: importView,
  },
  'imports.cancel': { tag: 'imports', summary: '停止导入', params: id<'import'>(), answer: importView },
  'imports.undo': { tag: 'imports', summary: '撤销整批导入', params: id<'import'>(), answer: importView },
  'imports.template': { tag: 'imports', summary: '下载导入模板', params: form, stream: true },
  'imports.errors': { tag: 'imports', summary: '下载出错的行', params: id<'import'>(), stream: true },
  'flows.list': {
    tag: 'flows',
    summary: '流程',
    query: ofApp.extend({ formId: uuidOf<'form'>().optional() }),
    answer: list(flowSummary),
  },
  'flows.create': { tag: 'flows', summary: '新建流程', body: createFlowBody, answer: flowDetail },
  'flows.get': { tag: 'flows', summary: '读取流程', params: id<'flow'>(), answer: flowDetail },
  'flows.update': { tag: 'flows', summary: '修改流程', params: id<'flow'>(), body: updateFlowBody, answer: flowDetail },
  'flows.delete': { tag: 'flows', summary: '删除流程，放进回收站', params: id<'flow'>() },
  'flows.deleted': { tag: 'flows', summary: '应用回收站里的流程', params: inApp, answer: list(deletedItem) },
  'flows.undelete': {
    tag: 'flows',
    summary: '恢复删除的流程；恢复后是停用的',
    params: id<'flow'>(),
    answer: flowDetail,
  },
  'flows.publish': { tag: 'flows', summary: '发布流程', params: id<'flow'>(), answer: flowDetail },
  'flows.test': { tag: 'flows', summary: '试运行', params: id<'flow'>(), body: testFlowBody, answer: testFlowResult },
  'flows.replay': {
    tag: 'flows',
    summary: '用最近的数据试一遍草稿，不写入、不发送',
    params: id<'flow'>(),
    body: replayFlowBody,
    answer: replayFlowResult,
  },
  'flows.runs': {
    tag: 'flows',
    summary: '运行记录',
    params: id<'flow'>(),
    query: z.object({ cursor: z.string().optional(), state: z.string().optional() }),
    answer: list(runSummary),
  },
  'flows.versions': { tag: 'flows', summary: '已发布的版本', params: id<'flow'>(), answer: list(flowVersion) },
  'flows.version': {
    tag: 'flows',
    summary: '一个版本的内容',
    params: id<'flow'>().extend({ version: z.coerce.number().int() }),
    answer: flowDefinition,
  },
  'flows.restore': {
    tag: 'flows',
    summary: '回到一个版本：作为新版本发布',
    params: id<'flow'>().extend({ version: z.coerce.number().int() }),
    answer: flowDetail,
  },
  'flows.migrate': { tag: 'flows', summary: '把运行中的实例迁到最新版本', params: id<'flow'>(), answer: migrateResult },
  'flows.waiting': { tag: 'flows', summary: '各步骤上的运行数', params: id<'flow'>(), answer: list(waitingAt) },
  'flows.hook': { tag: 'flows', summary: 'Webhook 地址与最近一次请求', params: id<'flow'>(), answer: flowHook },
  'flows.renewHook': { tag: 'flows', summary: '更换 Webhook 地址', params: id<'flow'>(), answer: flowHook },
  'flowSecrets.list': { tag: 'flows', summary: '密钥与群机器人的名称', answer: list(flowSecretView) },
  'flowSecrets.create': { tag: 'flows', summary: '新建密钥', body: createSecretBody, answer: flowSecretView },
  'flowSecrets.rotate': {
    tag: 'flows',
    summary: '更换密钥的内容',
    params: id<'secret'>(),
    body: rotateSecretBody,
    answer: flowSecretView,
  },
  'flowSecrets.delete': { tag: 'flows', summary: '删除密钥', params: id<'secret'>() },
  'mailAccount.get': { tag: 'flows', summary: '发信邮箱', answer: z.object({ account: mailAccountView.nullable() }) },
  'mailAccount.save': { tag: 'flows', summary: '设置发信邮箱', body: mailAccountBody, answer: mailAccountView },
  'mailAccount.delete': { tag: 'flows', summary: '停用发信邮箱' },
  'mailAccount.test': { tag: 'flows', summary: '发一封测试邮件', body: mailTestBody, answer: mailTestResult },
  'hooks.receive': {
    tag: 'flows',
    summary: '从其他系统触发流程',
    params: z.object({ token: z.string().max(100) }),
    body: z.json(),
    answer: hookResult,
    open: true,
  },
  'records.buttons': { tag: 'flows', summary: '数据页上的按钮', params: record, answer: list(recordButton) },
  'records.press': {
    tag: 'flows',
    summary: '点数据页上的按钮',
    params: record.extend({ flowId: uuidOf<'flow'>() }),
    body: pressBody,
    answer: pressResult,
  },
  'runs.search': { tag: 'flows', summary: '查找运行', query: runQuery, answer: list(runSummary) },
  'runs.act': { tag: 'flows', summary: '批量处理失败的运行', body: runsActBody, answer: runsActResult },
  'runs.get': { tag: 'flows', summary: '一次运行', params: id<'run'>(), answer: runDetail },
  'runs.retry': { tag: 'flows', summary: '从失败的步骤重试', params: id<'run'>(), answer: runDetail },
  'runs.skip': { tag: 'flows', summary: '跳过失败的步骤', params: id<'run'>(), answer: runDetail },
  'runs.cancel': { tag: 'flows', summary: '取消一次运行', params: id<'run'>(), answer: runDetail },
  'runs.ofRecord': { tag: 'flows', summary: '一条数据触发的运行', params: record, answer: list(runSummary) },
  'runs.retention': { tag: 'flows', summary: '流程运行记录保留多少天', answer: runRetention },
  'runs.setRetention': {
    tag: 'flows',
    summary: '设置流程运行记录保留多少天（30 到 1095）',
    body: runRetention,
    answer: runRetention,
  },
  'maps.tiles': { tag: 'records', summary: '企业自己的地图底图', answer: mapTilesSetting },
  'maps.setTiles': {
    tag: 'records',
    summary: '设置地图底图；tiles 为 null 时不用底图',
    body: mapTilesSetting,
    answer: mapTilesSetting,
  },
  'dashboards.list': { tag: 'dashboards', summary: '看板', query: ofApp, answer: list(dashboardView) },
  'dashboards.create': { tag: 'dashboards', summary: '新建看板', body: createDashboardBody, answer: dashboardView },
  'dashboards.get': { tag: 'dashboards', summary: '读取看板', params: id<'dashboard'>(), answer: dashboardView },
  'dashboards.update': {
    tag: 'dashboards',
    summary: '修改看板',
    params: id<'dashboard'>(),
    body: updateDashboardBody,
    answer: dashboardView,
  },
  'dashboards.delete': { tag: 'dashboards', summary: '删除看板，放进回收站', params: id<'dashboard'>() },
  'dashboards.deleted': {
    tag: 'dashboards',
    summary: '应用回收站里的看板',
    params: inApp,
    answer: list(deletedItem),
  },
  'dashboards.restore': {
    tag: 'dashboards',
    summary: '恢复删除的看板',
    params: id<'dashboard'>(),
    answer: dashboardView,
  },
  'dashboards.data': {
    tag: 'dashboards',
    summary: '看板数据。filters 是筛选栏所选的值（JSON，按筛选项的 id），不给时用看板打开时的值',
    params: id<'dashboard'>(),
    query: z.object({ filters: z.string().max(8000).optional() }),
    answer: dashboardData,
  },
  'dashboards.preview': {
    tag: 'dashboards',
    summary: '设计时的组件数据',
    body: z.object({ widget }),
    answer: widgetData,
  },
  'events.stream': { tag: 'events', summary: '变化通知（SSE）', stream: true },
  'events.changes': {
    tag: 'events',
    summary: '变化通知（轮询）',
    query: z.object({ since: z.string().optional() }),
    answer: z.object({
      since: z.string(),
      items: z.array(z.object({ formId: z.string(), counter: z.number().int() })),
    }),
  },
  'connections.list': { tag: 'chat', summary: '企业微信与钉钉连接', answer: list(connectionView) },
  'connections.save': { tag: 'chat', summary: '保存连接', body: connectionBody, answer: connectionView },
  'connections.test': {
    tag: 'chat',
    summary: '检查连接并给自己发一张测试卡片',
    params: id<'connection'>(),
    answer: connectionView,
  },
  'connections.sync': {
    tag: 'chat',
    summary: '同步通讯录；在后台进行，结果在连接的 sync 中',
    params: id<'connection'>(),
    answer: connectionView,
  },
  'connections.remove': {
    tag: 'chat',
    summary: '移除连接；成员、部门与数据都留下，只是不再经它登录与收消息',
    params: id<'connection'>(),
  },
  'connections.putFile': {
    tag: 'chat',
    summary: '上传域名归属校验文件，放在公网地址的根目录',
    params: id<'connection'>(),
    body: z.object({ name: siteFileName, content: siteFileContent }),
    answer: connectionView,
  },
  'connections.removeFile': {
    tag: 'chat',
    summary: '删除域名归属校验文件',
    params: z.object({ id: uuidOf<'connection'>(), name: siteFileName }),
    answer: connectionView,
  },
  'connections.licences': {
    tag: 'chat',
    summary: '应用目录的连接：谁的接口许可到什么时候，先到期的在前',
    params: id<'connection'>(),
    answer: list(connectionLicence),
  },
  'connections.outside': {
    tag: 'chat',
    summary: '不在应用可见范围内的成员：收不到经这个连接发的消息',
    params: id<'connection'>(),
    answer: z.object({
      /** How many there are; at most two hundred are named. */
      total: z.number().int(),
      items: z.array(
        z.object({
          member: z.object({ id: uuidOf<'member'>(), label: z.string() }),
          /** `range`: the platform knows him and does not show him the app; `account`: nobody at the platform is he. */
          why: z.enum(['range', 'account']),
          /** Another connection reaches him. */
          elsewhere: z.boolean(),
        }),
      ),
      /** When the range was read last. */
      checkedAt: z.string().nullable(),
      /** Only administrators of the company see the app. */
      adminsOnly: z.boolean(),
    }),
  },
  'connections.accounts': {
    tag: 'chat',
    summary: '连接里的人是哪个成员',
    params: id<'connection'>(),
    answer: list(connectionAccount),
  },
  'connections.link': {
    tag: 'chat',
    summary: '把连接里的人对应到另一个成员',
    params: id<'connection'>(),
    body: z.object({ userid: z.string().min(1).max(128), memberId: uuidOf<'member'>() }),
    answer: list(connectionAccount),
  },
  'me.chat': { tag: 'chat', summary: '我在哪里收消息', answer: chatChoice },
  'me.chooseChat': {
    tag: 'chat',
    summary: '选择在哪里收消息；null 由系统决定',
    body: z.object({ channel: z.enum(['wecom', 'dingtalk']).nullable() }),
    answer: chatChoice,
  },
  'demo.progress': { tag: 'demo', summary: '演示的十步', answer: z.object({ steps: z.array(demoStep) }), open: true },
  'demo.drilled': { tag: 'demo', summary: '演示：从看板打开过数据', answer: z.object({ ok: z.literal(true) }) },
  'demo.reset': { tag: 'demo', summary: '清空我的企业，重来', answer: z.object({ ok: z.literal(true) }) },
} as const satisfies Partial<Record<RouteName, Contract>>;

const all = {
  ...firstContracts,
  ...otherContracts,
  ...formDesignContracts,
  ...duplicateContracts,
  ...shareRequestContracts,
  ...poolContracts,
  ...targetContracts,
  ...publicFormContracts,
  ...printContracts,
  ...recordLinkContracts,
  ...handoverContracts,
  ...taskContracts,
  ...usageContracts,
  ...deliveryContracts,
  ...notifyContracts,
  ...sidebarContracts,
  ...subscriptionContracts,
  ...chatGroupContracts,
  ...trialContracts,
  ...apiKeyContracts,
  ...workbenchContracts,
  ...auditContracts,
  ...packageContracts,
};
all satisfies Record<RouteName, Contract>;

type First = typeof firstContracts;
type Other = typeof otherContracts;
type FormDesign = typeof formDesignContracts;
type Duplicate = typeof duplicateContracts;
type ShareRequests = typeof shareRequestContracts;
type Pools = typeof poolContracts;
type Targets = typeof targetContracts;
type PublicForm = typeof publicFormContracts;
type Print = typeof printContracts;
type RecordLink = typeof recordLinkContracts;
type Handover = typeof handoverContracts;
type TaskPart = typeof taskContracts;
type Usage = typeof usageContracts;
type DeliveryPart = typeof deliveryContracts;
type NotifyPart = typeof notifyContracts;
type SidebarPart = typeof sidebarContracts;
type WorkbenchPart = typeof workbenchContracts;
type AuditPart = typeof auditContracts;
type PackagePart = typeof packageContracts;
type SubscriptionPart = typeof subscriptionContracts;
type ChatGroupPart = typeof chatGroupContracts;
type Trial = typeof trialContracts;
type ApiKeys = typeof apiKeyContracts;

/** Every route's contract. Its parts are named: written out whole it is more than the compiler puts into a declaration. */
export interface Contracts
  extends First,
    Other,
    FormDesign,
    Duplicate,
    ShareRequests,
    Pools,
    Targets,
    DeliveryPart,
    NotifyPart,
    SidebarPart,
    PublicForm,
    Print,
    RecordLink,
    Handover,
    SubscriptionPart,
    ChatGroupPart,
    TaskPart,
    Usage,
    Trial,
    ApiKeys,
    WorkbenchPart,
    AuditPart,
    PackagePart {}

export const contracts: Contracts = all;

type In<T, K extends string> = K extends keyof T ? (T[K] extends z.ZodType ? z.input<T[K]> : undefined) : undefined;
type Out<T, K extends string> = K extends keyof T ? (T[K] extends z.ZodType ? z.output<T[K]> : undefined) : undefined;

/** What a client sends. */
export type ParamsOf<R extends RouteName> = In<Contracts[R], 'params'>;
export type QueryOf<R extends RouteName> = In<Contracts[R], 'query'>;
export type BodyOf<R extends RouteName> = In<Contracts[R], 'body'>;
/** What a client reads. */
export type AnswerOf<R extends RouteName> = 'answer' extends keyof Contracts[R]
  ? Out<Contracts[R], 'answer'>
  : undefined;
