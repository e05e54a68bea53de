import type { Filter } from '@lianke/shared/filter/ast';
import type { FlowDefinition, FlowNode, FlowNodeType } from '@lianke/shared/flows/definition';
import { bringsRecord, filterOf, inputsOf, type Trigger, type TriggerType } from '@lianke/shared/flows/triggers';
import type { Assignment, CardFact, PersonExpr, ValueExpr } from '@lianke/shared/flows/values';
import type { FlowId, FormId } from '@lianke/shared/ids';
import type { FormView, ReadField } from '../../api/queries.js';
import { currentLanguage } from '../../i18n/index.js';
import { certainBefore, freshId, nodeOf, type Slot, triggerId } from './graph.js';
import { fieldOf, selfPath } from './sources.js';
import { assignable, emptyValue, fits, kindsFor, mustBeAssigned } from './values.js';

/** The kinds of steps, in palette order. */
export const nodeTypes = [
  'createRecord',
  'updateRecord',
  'upsertRecord',
  'deleteRecord',
  'findRecords',
  'aggregate',
  'assign',
  'setVariables',
  'transform',
  'branch',
  'parallel',
  'loop',
  'subflow',
  'delay',
  'message',
  'approval',
  'cc',
  'fill',
  'comment',
  'email',
  'groupMessage',
  'http',
  'end',
] as const satisfies readonly FlowNodeType[];

/** What may start a flow, in the groups of the choice. */
export const triggerGroups = {
  data: [
    'recordCreated',
    'recordUpdated',
    'entersFilter',
    'recordDeleted',
    'recordRestored',
    'formSubmitted',
    'approvalEnded',
  ],
  time: ['schedule', 'dateArrives'],
  hand: ['button', 'chat', 'webhook', 'called'],
} as const satisfies Record<string, readonly TriggerType[]>;

const noFilter: Filter = { and: [] };

const submit = { zh: '提交', en: 'Submit' };

/** A trigger of this kind on a form; what an earlier trigger of the same form said is kept where it still means something. */
export function newTrigger(type: Trigger['type'], formId: FormId, before?: Trigger): Trigger {
  const filter = before?.formId === formId ? filterOf(before) : undefined;
  const kept = filter ? { filter } : {};
  const inputs = before && 'inputs' in before ? inputsOf(before) : [];
  switch (type) {
    case 'entersFilter':
      return { type, formId, filter: filter ?? noFilter };
    case 'recordUpdated':
      return { type, formId, fields: before?.type === type && before.formId === formId ? before.fields : [], ...kept };
    case 'recordCreated':
    case 'recordDeleted':
    case 'recordRestored':
    case 'formSubmitted':
      return { type, formId, ...kept };
    case 'approvalEnded':
      return { type, formId, outcomes: ['approved'] };
    case 'schedule':
      return { type, formId, plan: { every: 'day', n: 1, at: '09:00' }, missed: 'once' };
    case 'dateArrives':
      return { type, formId, field: '', amount: -7, unit: 'day', at: '09:00', missed: 'all', ...kept };
    case 'button':
      return { type, formId, label: submit[currentLanguage()], inputs, ...kept };
    case 'chat':
      return { type, formId, on: 'text', match: 'startsWith', keywords: [] };
    case 'webhook':
    case 'called':
      return { type, formId, inputs };
  }
}

/** A definition that only knows its trigger. */
export const newDefinition = (trigger: Trigger): FlowDefinition => ({ trigger, nodes: [], edges: [] });

/** A step of this kind for `slot`, filled in as far as one can guess. Its form is chosen by the author. */
export function newNode(
  def: FlowDefinition,
  type: FlowNodeType,
  slot: Slot,
  forms: readonly FormView[],
  words: { title: string },
): FlowNode {
  const base = { id: freshId(def), name: '' };
  const form = bringsRecord(def.trigger) ? forms.find((item) => item.id === def.trigger.formId) : undefined;
  switch (type) {
    case 'createRecord':
      return { ...base, type, formId: '' as FormId, assignments: [] };
    case 'updateRecord':
      return { ...base, type, target: triggerId, assignments: [] };
    case 'upsertRecord':
      return { ...base, type, formId: '' as FormId, matchOn: '', assignments: [] };
    case 'aggregate':
      return { ...base, type, formId: '' as FormId, match: [], any: false, fn: 'count' };
    case 'assign':
      return { ...base, type, target: triggerId, field: 'owner', people: [], method: 'roundRobin', weights: {} };
    case 'subflow':
      return { ...base, type, flowId: '' as FlowId, record: triggerId, inputs: [], wait: true };
    case 'setVariables':
      return {
        ...base,
        type,
        items: [{ key: 'v1', name: '', type: 'number', value: { kind: 'formula', formula: '' } }],
      };
    case 'transform': {
      const from: ValueExpr = { kind: 'ref', ref: { source: nearest(def, slot, 'http') ?? triggerId, path: '' } };
      return { ...base, type, items: [{ key: 'v1', name: '', type: 'text', from, how: { op: 'json', path: '' } }] };
    }
    case 'deleteRecord':
      return { ...base, type, target: nearest(def, slot, 'findRecords') ?? triggerId };
    case 'findRecords':
      return { ...base, type, formId: '' as FormId, match: [], any: false, sort: [], limit: 1 };
    case 'parallel': {
      const ways = ['a', 'b'].map((id) => ({ id, name: '' }));
      return { ...base, type, ways, join: 'all' };
    }
    case 'loop':
      return { ...base, type, over: nearest(def, slot, 'findRecords') ?? '' };
    case 'http': {
      const url: ValueExpr = { kind: 'text', parts: [{ text: 'https://' }] };
      return { ...base, type, method: 'POST', url, headers: [], timeoutSeconds: 10 };
    }
    case 'branch':
      return { ...base, type, cases: [{ id: 'c1', name: '', filter: noFilter }] };
    case 'delay':
      return { ...base, type, wait: { kind: 'for', amount: 1, unit: 'day' } };
    case 'message': {
      const made = lastMade(def, slot, forms);
      const about = made?.form ?? form;
      const source = made?.id ?? triggerId;
      return {
        ...base,
        type,
        kind: made?.form.settings.task ? 'task' : 'notice',
        to: [personOf(source, about, made?.form.settings.task?.owner)],
        title: titleFor(source, about, words.title),
        facts: factsFor(source, about),
        record: source,
      };
    }
    case 'approval':
      return {
        ...base,
        type,
        approvers: [{ kind: 'managerOf', of: { kind: 'field', ref: { source: triggerId, path: 'owner' } }, level: 1 }],
        mode: 'any',
        whenEmpty: 'admin',
        title: titleFor(triggerId, form, words.title),
        facts: factsFor(triggerId, form),
        commentOnReject: true,
      };
    case 'cc':
      return {
        ...base,
        type,
        to: [{ kind: 'starter' }],
        title: titleFor(triggerId, form, words.title),
        facts: factsFor(triggerId, form),
      };
    case 'fill':
      return {
        ...base,
        type,
        people: [personOf(triggerId, form, undefined)],
        who: 'any',
        target: triggerId,
        title: titleFor(triggerId, form, words.title),
        facts: factsFor(triggerId, form),
        fields: {},
      };
    case 'comment':
      return { ...base, type, target: triggerId, text: { kind: 'text', parts: [] }, mention: [] };
    case 'email':
      return {
        ...base,
        type,
        to: [personOf(triggerId, form, undefined)],
        subject: titleFor(triggerId, form, words.title),
        text: { kind: 'text', parts: [] },
      };
    case 'groupMessage':
      return {
        ...base,
        type,
        robot: '',
        title: titleFor(triggerId, form, words.title),
        facts: factsFor(triggerId, form),
        mention: [],
        ...(form ? { record: triggerId } : {}),
      };
    case 'end':
      return { ...base, type };
  }
}

/** The nearest node of a kind that has certainly run before a slot. */
function nearest(def: FlowDefinition, slot: Slot, type: FlowNodeType): string | undefined {
  if (slot.from === triggerId) return undefined;
  return [...certainBefore(def, slot.from), slot.from].findLast((id) => nodeOf(def, id)?.type === type);
}

/** The record made nearest before a slot: a message there is most likely about it. */
function lastMade(
  def: FlowDefinition,
  slot: Slot,
  forms: readonly FormView[],
): { id: string; form: FormView } | undefined {
  if (slot.from === triggerId) return undefined;
  for (const id of [...certainBefore(def, slot.from), slot.from].reverse()) {
    const node = nodeOf(def, id);
    const form = node?.type === 'createRecord' ? forms.find((item) => item.id === node.formId) : undefined;
    if (form) return { id, form };
  }
  return undefined;
}

function personOf(source: string, form: FormView | undefined, owner: string | undefined): PersonExpr {
  const field = fieldOf(form, owner ?? 'owner');
  return field ? { kind: 'field', ref: { source, path: field.id } } : { kind: 'starter' };
}

/** The field that stands for a form's records. */
export function titleField(form: FormView | undefined): ReadField | undefined {
  if (!form) return undefined;
  return fieldOf(form, form.settings.titleField ?? '') ?? form.fields.find((field) => field.type === 'text');
}

function titleFor(source: string, form: FormView | undefined, text: string): ValueExpr {
  const field = titleField(form);
  if (!field) return { kind: 'text', parts: [{ text }] };
  return source === triggerId
    ? { kind: 'text', parts: [{ text: `【${text}】` }, { ref: { source, path: field.id } }] }
    : { kind: 'ref', ref: { source, path: field.id } };
}

const telling: readonly string[] = ['money', 'select', 'date', 'datetime', 'relation', 'number'];

/** The first fields that say most about a record: required ones and amounts, states, dates. */
function factsFor(source: string, form: FormView | undefined): CardFact[] {
  const title = titleField(form);
  return (form?.fields ?? [])
    .filter((field) => !field.system && field !== title && telling.includes(field.type))
    .slice(0, 3)
    .map((field) => ({ label: field.name.slice(0, 10), ref: { source, path: field.id } }));
}

/**
 * Rows of 字段赋值 to begin with on a form: its required fields, and of a task form what makes a task (title, owner, due,
 * subject), each with a guessed value.
 */
export function firstAssignments(form: FormView, start: FormView | undefined): Assignment[] {
  const task = form.settings.task;
  const named = task ? [task.title, task.owner, task.due, task.subject] : [];
  return form.fields
    .filter((field) => assignable(field))
    .filter((field) => mustBeAssigned(field) || named.includes(field.id) || named.includes(field.key))
    .sort((a, b) => rank(a) - rank(b))
    .map((field) => ({ field: field.id, value: guessValue(field, start) }));

  function rank(field: ReadField): number {
    const index = Math.max(named.indexOf(field.id), named.indexOf(field.key));
    return index < 0 ? named.length : index;
  }
}

/** A likely value of a field: the trigger record's field of the same name, the record itself, three days from now. */
export function guessValue(field: ReadField, start: FormView | undefined): ValueExpr {
  const twin = start?.fields.find((item) => item.name === field.name && fits(field, item, start));
  if (twin) return { kind: 'ref', ref: { source: triggerId, path: twin.id } };
  if (start && fits(field, undefined, start)) return { kind: 'ref', ref: { source: triggerId, path: selfPath } };
  if (field.type === 'date' || field.type === 'datetime') return emptyValue('now');
  return emptyValue(
    ['select', 'switch', 'number', 'money'].includes(field.type) ? 'literal' : (kindsFor(field.type)[0] ?? 'ref'),
  );
}
