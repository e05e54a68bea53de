import { metric } from './definitions.js';
import { brokenCursor, type Probes } from './probe.js';

const anyOf = (name: string) => ({ name, permissions: { admin: false, design: false, members: false, forms: {} } });

/** People and their rights, dashboards, chat. */
export const companyProbes: Probes = {
  'auth.switch': (other) => [{ body: { tenantId: other.tenant } }],
  'members.list': (other) => [{ query: `search=${other.member}` }, { query: `state=${other.member}` }],
  'members.create': (other) => [
    { body: { name: '甲', departmentIds: [other.department] } },
    { body: { name: '甲', roleIds: [other.role] } },
    { body: { name: '甲', managerId: other.member } },
  ],
  'members.update': (other) => [
    { body: { managerId: other.member } },
    { body: { departmentIds: [other.department] } },
    { body: { roleIds: [other.role] } },
  ],
  'departments.create': (other) => [{ body: { name: '乙', parentId: other.department } }],
  'departments.update': (other) => [{ body: { parentId: other.department } }],
  'roles.create': (other, _own, tag) => [
    { body: { ...anyOf(tag), permissions: { forms: { [other.form]: { actions: ['view'], scope: 'all' } } } } },
  ],
  'roles.update': (other) => [
    {
      body: {
        permissions: {
          forms: { [other.form]: { actions: ['view'], scope: 'all', filter: { field: other.field, op: 'empty' } } },
        },
      },
    },
  ],
  'apps.create': (_other, _own, tag) => [{ body: { name: tag } }],
  'templates.install': () => [{ query: 'sample=true' }, { query: 'sample=maybe' }],
  'apps.arrange': (other) => [
    { body: { items: [{ kind: 'form', id: other.form, group: '甲' }] } },
    { body: { items: [{ kind: 'dashboard', id: other.dashboard, group: null }] } },
  ],
  'targets.create': (other, own) => [
    { body: { formId: other.form, name: '目标', fn: 'count', dateField: 'createdAt' } },
    { body: { formId: own.form, name: '目标', fn: 'sum', field: other.field, dateField: 'createdAt' } },
  ],
  'targets.update': (other) => [{ body: { formId: other.form, name: '目标', fn: 'count', dateField: 'createdAt' } }],
  'targets.values': () => [{ query: 'year=2026' }],
  'targets.saveValues': (other, own) => [
    { body: { rows: [{ kind: 'member', id: other.member, amounts: { '2026-03-01': '5' } }] } },
    { body: { rows: [{ kind: 'department', id: own.member, amounts: { '2026-03-01': '5' } }] } },
  ],
  'access.explain': (other, own) => [
    { body: { memberId: other.member, formId: own.form } },
    { body: { memberId: own.member, formId: other.form } },
    { body: { memberId: own.member, formId: own.form, recordId: other.record } },
    { body: { memberId: own.member, formId: own.form, field: other.field } },
  ],
  'apps.access.set': (other) => [
    { body: { visibleTo: [{ kind: 'member', id: other.member }] } },
    { body: { admins: [{ kind: 'department', id: other.department }] } },
    { body: { admins: [{ kind: 'role', id: other.role }] } },
  ],
  'access.preview': (other) => [{ body: { memberId: other.member } }],
  'trials.start': (other) => [{ body: { testers: [{ kind: 'member', id: other.member }] } }],
  'trials.feedback': () => [{ body: { text: '好用' } }],
  'apps.update': () => [{ body: { name: '改名' } }],
  'audit.list': (other) => [{ query: `memberId=${other.member}` }, { query: brokenCursor }],
  'usage.list': () => [{ query: 'weeks=4' }, { query: 'weeks=x' }],
  'handovers.start': (other, own) => [
    { body: { items: [{ kind: 'tasks', to: other.member }] } },
    { body: { items: [{ kind: 'records', formId: other.form, to: own.member }] } },
  ],
  'me.chooseChat': () => [{ body: { channel: null } }],
  'me.notices': () => [{ query: brokenCursor }],
  'me.readNotices': (other) => [{ body: { ids: [other.delivery] } }],
  'me.saveLanguage': () => [{ body: { language: 'en' } }],
  'me.saveNotify': () => [{ body: { chat: { comment: false } } }],
  'pages.sign': (other) => [{ body: { connectionId: other.connection, path: '/m/' } }],
  'chatGroups.create': (other, own) => [
    { body: { connectionId: other.connection, name: '群', ownerId: own.member, memberIds: [own.member] } },
    { body: { connectionId: own.connection, name: '群', ownerId: other.member, memberIds: [other.member] } },
  ],
  'chatGroups.read': () => [{}],
  'chatGroups.change': (other, own) => [{ body: { add: [own.member] } }, { body: { ownerId: other.member } }],
  'sidebar.open': (other) => [{ body: { connectionId: other.connection, externalUserid: 'wmAAAAAAAAAA' } }],
  'sidebar.link': (other, own) => [
    { body: { connectionId: other.connection, externalUserid: 'wmAAAAAAAAAA', recordId: own.record } },
    { body: { connectionId: own.connection, externalUserid: 'wmAAAAAAAAAA', recordId: other.record } },
  ],
  'sidebar.unlink': (other) => [{ body: { connectionId: other.connection, externalUserid: 'wmAAAAAAAAAA' } }],
  'sidebar.saveSetup': (other, own) => [
    { body: { formId: other.form } },
    { body: { formId: own.form, followUpFormId: other.form } },
  ],
  'notify.saveCompany': () => [
    {
      body: {
        quiet: { on: false, from: '22:00', to: '08:30', restDays: false },
        through: { approvals: false, urgent: true },
        chat: { task: true, reminder: true, notice: true, comment: true, report: true },
      },
    },
  ],
  'dashboards.list': (other) => [{ query: `appId=${other.app}` }],
  'dashboards.create': (other, own) => [
    { body: { appId: other.app, name: '辛' } },
    { body: { appId: own.app, name: '辛', definition: { widgets: [metric(other.form)] } } },
  ],
  'dashboards.data': (other) => [
    { query: '' },
    { query: `filters=${JSON.stringify({ member: [other.member], department: [other.department] })}` },
    { query: 'of=draft' },
  ],
  'dashboards.update': (other) => [{ body: { definition: { widgets: [metric(other.form)] } } }],
  'dashboards.saveDraft': (other) => [
    { body: { definition: { widgets: [metric(other.form)] }, version: 1, revision: 0 } },
  ],
  'dashboards.publish': () => [{ body: { revision: 0 } }],
  'dashboards.preview': (other, own) => [
    { body: { widget: metric(other.form) } },
    { body: { widget: { ...metric(own.form), filter: { field: 'parent', op: 'eq', value: other.record } } } },
    { body: { widget: { ...metric(own.form), measure: { fn: 'max', field: other.field } } } },
  ],
  'subscriptions.create': (other) => [
    { body: { schedule: { unit: 'day', time: '09:00' }, members: [other.member] } },
    {
      body: { schedule: { unit: 'day', time: '09:00' }, members: [], groups: [{ robot: '机密群', as: other.member }] },
    },
  ],
  'subscriptions.update': (other) => [{ body: { schedule: { unit: 'day', time: '09:00' }, members: [other.member] } }],
  'subscriptions.send': () => [{ body: { to: 'groups' } }],
  'events.changes': (other) => [{ query: `since=${other.form}` }],
  'connections.save': (other) => [
    { body: { id: other.connection, channel: 'wecom', name: '壬', corpId: 'wwx', agentId: '1' } },
  ],
  'deliveries.list': (other) => [
    { query: `memberId=${other.member}` },
    { query: `connectionId=${other.connection}` },
    { query: brokenCursor },
  ],
  'deliveries.recall': () => [{ body: {} }, { body: { everybody: true } }],
  'connections.putFile': () => [{ body: { name: 'WW_verify_abcdefgh.txt', content: 'abcdefgh' } }],
  'connections.link': (other) => [{ body: { userid: 'somebody', memberId: other.member } }],
};
