import { z } from 'zod';

const memberSeed = z.strictObject({
  userid: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z_\-.@]{0,63}$/),
  name: z.string().min(1),
  departments: z.array(z.number().int().min(1)).min(1),
  position: z.string().default(''),
  gender: z.enum(['1', '2']).default('1'),
  mobile: z.string().default(''),
  email: z.string().default(''),
  directLeader: z.string().nullable().default(null),
  /** Departments this member leads. */
  leads: z.array(z.number().int()).default([]),
});

const appSeed = z.strictObject({
  agentId: z.number().int().min(1),
  name: z.string().min(1),
  description: z.string().default(''),
  secret: z.string().min(8),
  /** Host and port that log-in may return to (授权回调域); null = that of the application's public address. */
  redirectDomain: z.string().nullable().default(null),
  /** What the workbench opens; null = `<public address>/m/`. */
  homeUrl: z.url().nullable().default(null),
  /** The mini-program bound to the app (关联小程序). */
  miniProgramAppId: z.string().default(''),
  /** Departments whose members see the app (可见范围). */
  visibleDepartments: z.array(z.number().int()).default([1]),
  /** Members and tags that see it beside those departments. */
  visibleUsers: z.array(z.string()).default([]),
  visibleTags: z.array(z.number().int()).default([]),
  /** Listed under 客户联系 → 可调用接口的应用. */
  customerContact: z.boolean().default(true),
  /** Page of the chat toolbar beside external contacts (聊天工具栏); null where none is set. */
  sidebarUrl: z.url().nullable().default(null),
  /** Apps made since 2022-06-20 do not get mobile, mail, gender, avatar from the contact API. */
  hidePrivateFields: z.boolean().default(true),
});

const groupSeed = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  /** Who is in it; absent = everybody. */
  userids: z.array(z.string()).optional(),
  robots: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        key: z.string().min(8),
        /** DingTalk's 加签. */
        secret: z.string().nullable().default(null),
        /** DingTalk's 自定义关键词 and IP 地址; none: not asked for. */
        keywords: z.array(z.string()).default([]),
        ips: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});

/** A customer in members' contact lists (外部联系人). */
const externalSeed = z.strictObject({
  externalUserid: z.string().regex(/^w[mo][0-9A-Za-z_-]{10,60}$/),
  name: z.string().min(1),
  /** 1: a WeChat user; 2: a member of another company in WeCom. */
  type: z.union([z.literal(1), z.literal(2)]).default(1),
  corpName: z.string().default(''),
  position: z.string().default(''),
  gender: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0),
  /** Members who have added him, with what each noted. */
  followers: z
    .array(
      z.strictObject({
        userid: z.string(),
        remark: z.string().default(''),
        description: z.string().default(''),
        remarkCorpName: z.string().default(''),
        remarkMobiles: z.array(z.string()).default([]),
        tags: z.array(z.strictObject({ group: z.string(), name: z.string() })).default([]),
      }),
    )
    .default([]),
  /** What was said, for the phone to show: `me` is whoever looks. */
  said: z.array(z.strictObject({ by: z.enum(['me', 'them']), text: z.string() })).default([]),
});

const corpSeed = z.strictObject({
  corpId: z.string().regex(/^ww[0-9a-zA-Z]{10,30}$/),
  name: z.string().min(1),
  /** Short name of the tenant this corp belongs to in the demo. */
  tenant: z.string(),
  contactSyncSecret: z.string().min(8),
  apps: z.array(appSeed).min(1),
  departments: z
    .array(z.strictObject({ id: z.number().int().min(1), name: z.string(), parentId: z.number().int().min(0) }))
    .min(1),
  members: z.array(memberSeed).min(1),
  groups: z.array(groupSeed).default([]),
  externals: z.array(externalSeed).default([]),
});

const dingAppSeed = z.strictObject({
  agentId: z.number().int().min(1),
  /** Client id of the app; its robot's code too. */
  appKey: z.string().regex(/^ding[0-9a-z]{8,40}$/),
  appSecret: z.string().min(8),
  name: z.string().min(1),
  /** What the workbench opens; null = `<public address>/m/`. */
  homeUrl: z.url().nullable().default(null),
  miniProgram: z.boolean().default(false),
  /** Addresses the log-in may return to; null = that of the application. */
  redirectUrls: z.array(z.url()).nullable().default(null),
  /** What of the contacts it may read (通讯录权限范围). */
  visibleDepartments: z.array(z.number().int()).default([1]),
  /** Who may use it (可使用范围); null = those whose contacts it may read. */
  usable: z
    .strictObject({
      adminsOnly: z.boolean().default(false),
      departments: z.array(z.number().int()).default([]),
      userids: z.array(z.string()).default([]),
    })
    .nullable()
    .default(null),
  permissions: z
    .array(z.enum(['contacts', 'mobile', 'email', 'notice', 'card', 'todo', 'robot']))
    .default(['contacts', 'notice', 'card', 'todo', 'robot']),
  /** Templates built on the card platform, with their variables. */
  cardTemplates: z.array(z.strictObject({ id: z.string().min(1), variables: z.array(z.string()) })).default([]),
});

const dingCorpSeed = z.strictObject({
  corpId: z.string().regex(/^ding[0-9a-z]{8,40}$/),
  name: z.string().min(1),
  tenant: z.string(),
  apps: z.array(dingAppSeed).min(1),
  departments: z
    .array(z.strictObject({ id: z.number().int().min(1), name: z.string(), parentId: z.number().int().min(0) }))
    .min(1),
  members: z.array(memberSeed).min(1),
  groups: z.array(groupSeed).default([]),
  /** Whose phone on the stage is a DingTalk phone. */
  residents: z.array(z.string()).default([]),
});

const suiteKeys = {
  /** Token and EncodingAESKey under which the platform pushes. */
  token: z.string().regex(/^[0-9A-Za-z]{3,32}$/),
  aesKey: z.string().regex(/^[0-9A-Za-z]{43}$/),
  /** Where pushes go; null = `<public address>/callbacks/suites/<platform>`. */
  callbackUrl: z.url().nullable().default(null),
};

/** An app in WeCom's directory (第三方应用), and the provider whose it is. */
const suiteSeed = z.strictObject({
  suiteId: z.string().regex(/^(ww|wx|tj)[0-9a-zA-Z]{8,40}$/),
  suiteSecret: z.string().min(8),
  name: z.string().min(1),
  provider: z.strictObject({ corpId: z.string().min(1), secret: z.string().min(8) }),
  ...suiteKeys,
});

/** An app in DingTalk's directory (第三方企业应用). */
const dingSuiteSeed = z.strictObject({
  suiteKey: z.string().regex(/^suite[0-9a-z]{8,40}$/),
  suiteSecret: z.string().min(8),
  name: z.string().min(1),
  cardTemplates: z.array(z.strictObject({ id: z.string().min(1), variables: z.array(z.string()) })).default([]),
  /** Templates of work notices, through which alone such an app may send them. */
  noticeTemplates: z.array(z.string()).default([]),
  /** 消息接收地址 of its robot, one for all companies; null: where it is pushed, with `/robot` behind. */
  robotUrl: z.url().nullable().default(null),
  ...suiteKeys,
});

/** What a sandbox starts with. Read from `SANDBOX_SEED`, or {@link defaultSeed}. */
export const seedSchema = z.strictObject({
  wecom: z.array(corpSeed).min(1),
  dingtalk: z.array(dingCorpSeed).default([]),
  suites: z.array(suiteSeed).default([]),
  dingSuites: z.array(dingSuiteSeed).default([]),
});

export type Seed = z.infer<typeof seedSchema>;
export type CorpSeed = Seed['wecom'][number];
export type ExternalSeed = CorpSeed['externals'][number];
export type SuiteSeed = Seed['suites'][number];
export type DingSuiteSeed = Seed['dingSuites'][number];
export type DingtalkSeed = Seed['dingtalk'][number];

const departments = [
  { id: 1, name: '演示企业', parentId: 0 },
  { id: 2, name: '总经办', parentId: 1 },
  { id: 3, name: '销售部', parentId: 1 },
  { id: 4, name: '财务部', parentId: 1 },
  { id: 5, name: '企业管理', parentId: 1 },
];

const rep = (userid: string, name: string, gender: '1' | '2', mobile: string) => ({
  userid,
  name,
  departments: [3],
  position: '销售代表',
  gender,
  mobile,
  email: `${userid}@demo.example`,
  directLeader: 'chenzg',
});

const people = [
  {
    userid: 'admin',
    name: '管理员',
    departments: [5],
    position: '系统管理员',
    gender: '1',
    mobile: '13800000001',
    directLeader: 'boss',
  },
  {
    userid: 'boss',
    name: '老板',
    departments: [2],
    position: '总经理',
    gender: '1',
    mobile: '13800000002',
    leads: [1, 2],
  },
  {
    userid: 'chenzg',
    name: '陈主管',
    departments: [3],
    position: '销售主管',
    gender: '1',
    mobile: '13800000003',
    directLeader: 'boss',
    leads: [3],
  },
  {
    userid: 'caiwu',
    name: '财务',
    departments: [4],
    position: '财务',
    gender: '2',
    mobile: '13800000004',
    directLeader: 'boss',
    leads: [4],
  },
  rep('liuyang', '刘洋', '1', '13800000011'),
  rep('chenjing', '陈静', '2', '13800000012'),
  rep('zhangmin', '张敏', '2', '13800000013'),
  rep('wangfang', '王芳', '2', '13800000014'),
  rep('liwei', '李伟', '1', '13800000015'),
];

const app = (secret: string) => ({
  agentId: 1000002,
  name: '联客',
  description: '客户、跟进、审批',
  secret,
  miniProgramAppId: 'wx00000000lianke01',
});

/** The template that the application's connection page tells an administrator to build. */
const templateVariables = [
  ...['title', 'description', 'contents', 'status', 'outcome', 'url', 'open_text'],
  ...[1, 2, 3].flatMap((slot) => [`a${slot}_text`, `a${slot}_key`]),
];

/** The company's DingTalk: the people who decide. */
const dingCorp = (corpId: string, name: string, tenant: string, appSecret: string) => ({
  corpId,
  name,
  tenant,
  apps: [
    {
      agentId: 2000002,
      appKey: `${corpId}app`,
      appSecret,
      name: '联客',
      cardTemplates: [
        {
          id: 'lianke-approval.schema',
          variables: templateVariables,
        },
      ],
    },
  ],
  departments: departments.map((department) => (department.id === 1 ? { ...department, name } : department)),
  members: people.filter((person) => ['admin', 'boss', 'chenzg'].includes(person.userid)),
  groups: [
    {
      id: `${tenant}-deciders`,
      name: '审批群',
      robots: [{ name: '联客播报', key: `${tenant}-ding-robot-4f2a91c7`, secret: `SEC${tenant}4f2a91c7` }],
    },
  ],
  residents: ['boss', 'chenzg'],
});

/**
 * Customers who chat with reps: one who stands in the demonstration's ledger, one nobody knows yet, and one whose customer
 * belongs to another rep.
 */
const externals = (tenant: string) => [
  {
    externalUserid: `wo${tenant}AAyangzhuren01`,
    name: '杨建国',
    type: 2,
    corpName: '美利云',
    position: '总经理',
    gender: 1,
    followers: [
      { userid: 'wangfang', remark: '杨主任-美利云', remarkCorpName: '美利云', remarkMobiles: ['15966667600'] },
      { userid: 'liwei' },
    ],
    said: [
      { by: 'them', text: '上次的报价单收到了，第二项能不能再便宜一点？' },
      { by: 'me', text: '我和主管商量一下，今天给您答复。' },
      { by: 'them', text: '好的，我们周五开会定。' },
    ],
  },
  {
    externalUserid: `wm${tenant}AAlinxiaomei02`,
    name: '林小美',
    type: 1,
    gender: 2,
    followers: [
      {
        userid: 'wangfang',
        remark: '林小美（海川）',
        remarkCorpName: '宁波海川贸易有限公司',
        description: '展会上认识的，想看样品',
        remarkMobiles: ['13700001234'],
        tags: [{ group: '客户等级', name: '重要' }],
      },
    ],
    said: [
      { by: 'them', text: '展会上拿过你们的资料，想先看看样品。' },
      { by: 'me', text: '可以的，样品这周寄给您，地址发我一下？' },
    ],
  },
  {
    externalUserid: `wm${tenant}AAhuzong03`,
    name: '胡总',
    type: 1,
    gender: 1,
    followers: [
      { userid: 'chenjing', remark: '胡总-格尔', remarkCorpName: '格尔软件', remarkMobiles: ['13653074505'] },
      { userid: 'wangfang', remark: '胡总' },
    ],
    said: [{ by: 'them', text: '合同的事我问过法务了，下周给你们回复。' }],
  },
];

/** A group of everybody in the company's WeCom, with a robot. */
const salesGroup = (tenant: string) => ({
  id: `${tenant}-sales`,
  name: '客户经营群',
  robots: [{ name: '联客播报', key: `${tenant}-0b6e2d54-8f1c-4c7e-9a31` }],
});

/** Two corps with the same nine people: the demo company and 我的企业, which starts empty on the application's side. */
export const defaultSeed: Seed = seedSchema.parse({
  wecom: [
    {
      corpId: 'wwdemo0000000001',
      name: '演示企业',
      tenant: 'demo',
      contactSyncSecret: 'sandbox-contacts-demo',
      apps: [app('sandbox-secret-1000002')],
      departments,
      members: people,
      groups: [salesGroup('demo')],
      externals: externals('demo'),
    },
    {
      corpId: 'wwmine0000000002',
      name: '我的企业',
      tenant: 'mine',
      contactSyncSecret: 'sandbox-contacts-mine',
      apps: [app('sandbox-secret-mine-1000002')],
      departments: departments.map((department) =>
        department.id === 1 ? { ...department, name: '我的企业' } : department,
      ),
      members: people,
      groups: [salesGroup('mine')],
      externals: externals('mine'),
    },
  ],
  dingtalk: [
    dingCorp('dingdemo0000000001', '演示企业', 'demo', 'sandbox-ding-secret-demo'),
    dingCorp('dingmine0000000002', '我的企业', 'mine', 'sandbox-ding-secret-mine'),
  ],
  suites: [
    {
      suiteId: 'wwsuite0000000001',
      suiteSecret: 'sandbox-suite-secret',
      name: '联客',
      provider: { corpId: 'wwprovider0000001', secret: 'sandbox-provider-secret' },
      token: 'sandboxSuiteToken',
      aesKey: 'sandboxSuiteAesKey0123456789abcdefghijklmno',
    },
  ],
  dingSuites: [
    {
      suiteKey: 'suitelianke00000001',
      suiteSecret: 'sandbox-ding-suite-secret',
      name: '联客',
      cardTemplates: [{ id: 'lianke-suite.schema', variables: templateVariables }],
      noticeTemplates: ['lianke-suite-notice'],
      token: 'sandboxDingSuiteToken',
      aesKey: 'sandboxDingSuiteAesKey0123456789abcdefghijk',
    },
  ],
});
