import { z } from 'zod';
import { type Contract, list } from '../api/contract.js';
import type { RouteName } from '../api/routes.js';
import { withheldNames } from '../chat/withheld.js';
import { uuidOf } from '../ids.js';
import {
  createMemberBody,
  departmentBody,
  departmentView,
  languageBody,
  me,
  memberView,
  roleBody,
  roleView,
  updateMemberBody,
} from './api.js';
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
} from './auth.js';

/** Chats a member has, and the one he wants his messages in. */
const chatChoice = z.object({
  channels: z.array(z.enum(['wecom', 'dingtalk'])),
  choice: z.enum(['wecom', 'dingtalk']).nullable(),
});

/** Routes of log-in, people, departments and roles. */
export const orgContracts = {
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
  'me.saveLanguage': { tag: 'auth', summary: '我的语言：发给我的消息用它写', body: languageBody, answer: languageBody },
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
  'me.chat': { tag: 'chat', summary: '我在哪里收消息', answer: chatChoice },
  'me.chooseChat': {
    tag: 'chat',
    summary: '选择在哪里收消息；null 由系统决定',
    body: z.object({ channel: z.enum(['wecom', 'dingtalk']).nullable() }),
    answer: chatChoice,
  },
} as const satisfies Partial<Record<RouteName, Contract>>;
