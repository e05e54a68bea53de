import type { Ids } from './company.js';
import { brokenCursor, type Probes } from './probe.js';

const planned = (other: Ids) => ({
  name: '客户台账',
  index: 0,
  headerRow: 3,
  include: true,
  columns: [],
  targets: [{ key: 't', formId: other.form, formName: '机密交易', newFields: [], mode: 'insert', matchOn: [] }],
});

/** Forms with their views, what goes into them and what comes out. */
export const formsProbes: Probes = {
  'forms.list': (other) => [{ query: `appId=${other.app}` }],
  'forms.copy': (other, own, tag) => [
    { body: { appId: own.app, name: `副本 ${tag}` } },
    { body: { appId: other.app, name: `副本 ${tag}` } },
  ],
  'forms.create': (other, own, tag) => [
    { body: { appId: other.app, name: '丙', key: tag } },
    {
      body: {
        appId: own.app,
        name: '丙',
        key: tag,
        fields: [{ key: 'to', name: '到', type: 'relation', config: { formId: other.form } }],
      },
    },
    {
      body: {
        appId: own.app,
        name: '丙',
        key: tag,
        fields: [
          {
            key: 'last',
            name: '最后联系',
            type: 'lastContact',
            config: { sources: [{ formId: other.form, relation: other.field, at: 'createdAt' }] },
          },
        ],
      },
    },
  ],
  'forms.update': (other) => [
    { body: { fields: [{ key: 'to', name: '到', type: 'relation', config: { formId: other.form } }] } },
    { body: { fields: [{ id: other.field, key: 'name', name: '名', type: 'text' }] } },
    { body: { settings: { titleField: other.field, summaryFields: [] } } },
  ],
  'forms.tryFormula': (other) => [
    { body: { expression: 'CONCATENATE({名}, "x")', recordId: other.record } },
    { body: { expression: `{${other.field}}` } },
  ],
  'forms.saveDraft': (other) => [
    { body: { design: { fields: { [other.field]: {} } }, base: {}, version: 1, revision: 999 } },
  ],
  'forms.linked': (other) => [
    { body: { values: { parent: other.record, name: 'x' }, changed: ['parent', other.field] } },
  ],
  'forms.tryLinked': (other) => [
    {
      body: {
        values: { to: other.record },
        changed: ['to'],
        fields: [
          { ref: 'to', name: '到', type: 'relation', config: { formId: other.form } },
          {
            ref: 'name',
            name: '名',
            type: 'text',
            config: {},
            default: { kind: 'linked', formId: other.form, match: [{ field: 'id', own: 'to' }], take: other.field },
          },
        ],
      },
    },
  ],
  'conversions.preview': () => [{ body: { type: 'number' } }],
  'conversions.start': () => [{ body: { type: 'number', version: 1 } }],
  'forms.rollback': () => [{ body: { version: 1 } }],
  'forms.impact': (other) => [{ body: { fields: [other.field] } }],
  'views.create': (other) => [
    { body: { name: '丁', columns: [other.field] } },
    { body: { name: '丁', filter: { field: other.field, op: 'empty' } } },
    { body: { name: '丁', filter: { field: 'parent', op: 'eq', value: other.record } } },
  ],
  'views.update': (other) => [{ body: { filter: { field: 'parent', op: 'in', value: [other.record] } } }],
  'publicForms.create': (other) => [
    { body: { settings: { name: '外链', fields: [other.field] } } },
    { body: { settings: { name: '外链', fields: ['name'], ownerId: other.member } } },
  ],
  'publicForms.invites': (other) => [{ query: brokenCursor }, { query: `cursor=${other.invite}` }],
  'publicForms.invite': () => [{ body: { labels: ['王总'] } }],
  'publicForms.update': (other) => [{ body: { settings: { name: '外链', fields: [other.field] } } }],
  'prints.upload': () => [{}],
  'prints.replace': () => [{}],
  'prints.update': () => [{ body: { name: '版式' } }],
  'prints.record': (other) => [{ query: '' }, { query: `templateId=${other.print}` }],
  'prints.batch': (other, own) => [
    { body: { ids: [other.record] } },
    { body: { ids: [own.record], templateId: other.print } },
  ],
  'prints.file': (other, own) => [
    { body: { ids: [other.record] } },
    { body: { ids: [own.record], templateId: other.print } },
  ],
  'exports.create': (other) => [
    { body: { filter: { field: 'parent', op: 'eq', value: other.record } } },
    { body: { fields: [other.field] } },
    { body: { sort: [{ field: other.field, dir: 'asc' }] } },
    { body: { ids: [other.record] } },
  ],
  'exports.list': (other) => [{ query: `formId=${other.form}` }],
  'search.all': (other) => [{ body: { text: other.record } }, { body: { text: '机密', appId: other.app } }],
  'favourites.add': (other, own) => [
    { body: { formId: other.form, recordId: other.record } },
    { body: { formId: own.form, recordId: other.record } },
  ],
  'favourites.remove': (other, own) => [
    { body: { formId: other.form, recordId: other.record } },
    { body: { formId: own.form, recordId: other.record } },
  ],
  'recents.add': (other, own) => [
    { body: { formId: other.form, recordId: other.record } },
    { body: { formId: own.form, recordId: other.record } },
  ],
  'imports.list': (other) => [{ query: `appId=${other.app}` }],
  'imports.create': (other, own) => [
    { query: `appId=${other.app}` },
    { query: `appId=${own.app}&formId=${other.form}` },
  ],
  'imports.plan': (other) => [
    { body: { sheets: [planned(other)], options: {} } },
    { body: { sheets: [], options: { people: { 王芳: other.member } } } },
    { body: { sheets: [], options: { links: { key: other.record } } } },
  ],
  'imports.rows': (other) => [{ query: `sheet=客户台账&kind=refused&target=${other.form}` }],
  'imports.start': (other) => [{ body: { sheets: [planned(other)], options: { people: { 王芳: other.member } } } }],
};
