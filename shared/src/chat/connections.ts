import { z } from 'zod';
import { type Contract, id, list } from '../api/contract.js';
import type { RouteName } from '../api/routes.js';
import { uuidOf } from '../ids.js';
import { relayAddress } from './login-relay.js';
import { miniAppId } from './mini-program.js';
import { proxyAddress } from './proxy-address.js';
import { siteFileContent, siteFileName } from './site-files.js';

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
  /** In the order in which the platform forces them; `copy` is what its console wants to have entered. */
  checks: z.array(
    z.object({ key: z.string(), ok: z.boolean().nullable(), message: z.string(), copy: z.string().optional() }),
  ),
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

/** Routes of the connections with WeCom and DingTalk. */
export const connectionContracts = {
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
} as const satisfies Partial<Record<RouteName, Contract>>;
