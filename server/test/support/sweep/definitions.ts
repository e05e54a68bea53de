/** A form of the company's own. */
export const customerForm = (appId: string) => ({
  appId,
  key: 'deal',
  name: '机密交易',
  fields: [
    { key: 'name', name: '机密名称', type: 'text' },
    { key: 'amount', name: '金额', type: 'money' },
    { key: 'done', name: '完成', type: 'switch' },
    { key: 'photo', name: '照片', type: 'attachment' },
    { key: 'helper', name: '协作人', type: 'member' },
    { key: 'part', name: '部门', type: 'department' },
    { key: 'tag', name: '标签', type: 'tags' },
  ],
  settings: { summaryFields: [], task: { title: 'name', owner: 'owner', done: 'done' } },
});

/** An approval that one member decides. */
export const approvalFlow = (formId: string, memberId: string) => ({
  trigger: { type: 'recordCreated', formId },
  nodes: [
    {
      id: 'ok',
      name: '审批',
      type: 'approval',
      approvers: [{ kind: 'member', ids: [memberId] }],
      mode: 'any',
      whenEmpty: 'admin',
      title: { kind: 'literal', value: '机密审批' },
      facts: [],
      commentOnReject: false,
    },
  ],
  edges: [{ from: 'trigger', to: 'ok' }],
});

/** A widget that counts a form's records. */
const place = { x: 0, y: 0, w: 4, h: 4 };
export const metric = (formId: string) => ({
  id: 'w',
  title: '数',
  type: 'metric',
  formId,
  place,
  measure: { fn: 'count' },
});
