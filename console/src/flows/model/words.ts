import type { Filter, FilterOp } from '@lianke/shared/filter/ast';
import { answersOf } from '@lianke/shared/flows/answers';
import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { SecretText } from '@lianke/shared/flows/nodes/outside';
import { bringsRecord, filterOf, type Trigger } from '@lianke/shared/flows/triggers';
import type { Assignment, PersonExpr, ValueRef } from '@lianke/shared/flows/values';
import type { TFunction } from 'i18next';
import type { FormView, ReadField } from '../../api/queries.js';
import { conditionForm } from './conditions.js';
import { certainBefore, nodeOf, triggerId } from './graph.js';
import { sayChat, sayTerritory } from './more-words.js';
import { sayPlan, sayWhen } from './plan-words.js';
import {
  fieldOf,
  inputSource,
  type LooseValue,
  looseSource,
  madeFormId,
  resolveRef,
  type Source,
  sourcesFor,
} from './sources.js';
import { isUnset } from './values.js';

/** What sentences are made from. `t` is bound to the namespace `flows`. */
export interface Speaker {
  t: TFunction<'flows'>;
  language: 'zh' | 'en';
  def: FlowDefinition;
  forms: readonly FormView[];
  nameOfMember(id: string): string | undefined;
  nameOfRole(id: string): string | undefined;
  /** A filter in words: 「客户分级 等于 A」. */
  sayFilter(filter: Filter, form: FormView | undefined): string;
  /** An operator in words: 「等于」. */
  sayOp(op: FilterOp): string;
  /** A fixed value in words, by its field's type; `undefined` when it is empty. */
  sayValue(field: ReadField | undefined, value: unknown): string | undefined;
}

/** What a node is called: its own name, else its kind. */
export function nodeName(speaker: Pick<Speaker, 't' | 'def'>, id: string): string {
  if (id === triggerId) return speaker.t('trigger.title');
  const node = nodeOf(speaker.def, id);
  if (!node) return speaker.t('say.gone');
  return node.name || speaker.t(`node.${node.type}`);
}

/** What a node may refer to, each record by its name on screen. */
export function sourcesOf(speaker: Speaker, nodeId: string): Source[] {
  const given = nodeId === triggerId ? undefined : inputSource(speaker.def, speaker.forms, speaker.t);
  const made = sourcesFor(speaker.def, speaker.forms, nodeId, (id, form) => {
    const node = nodeOf(speaker.def, id);
    if (node?.type === 'findRecords') return speaker.t('say.found', { form: form.name });
    if (node?.type === 'loop') return speaker.t('say.round', { form: form.name });
    const name = node?.name;
    return name ? speaker.t('say.madeBy', { name, form: form.name }) : speaker.t('say.made', { form: form.name });
  });
  const answers = nodeId === triggerId ? [] : answersBefore(speaker, nodeId);
  return [...made.slice(0, 1), ...(given ? [given] : []), ...made.slice(1), ...answers];
}

const fixedAnswers: Record<string, 'more.result' | 'more.assigned' | 'more.httpStatus' | 'more.httpBody'> = {
  value: 'more.result',
  member: 'more.assigned',
  status: 'more.httpStatus',
  body: 'more.httpBody',
};

/** Values that steps before answered beside a record: a number, a chosen member, another system's answer. */
function answersBefore(speaker: Speaker, nodeId: string): Source[] {
  const { t } = speaker;
  return certainBefore(speaker.def, nodeId).flatMap((id): Source[] => {
    const values = answersOf(nodeOf(speaker.def, id)).map(
      ({ path, name, type }): LooseValue => ({
        key: path,
        label: name ?? t(fixedAnswers[path] ?? 'more.result'),
        type,
      }),
    );
    const source = looseSource(id, nodeName(speaker, id), values, speaker.forms);
    return source ? [source] : [];
  });
}

const formName = (speaker: Speaker, id: string): string =>
  speaker.forms.find((form) => form.id === id)?.name ?? speaker.t('say.gone');

/** A reference in words: 「客户信息表.客户名称」. */
export function sayRef(speaker: Speaker, ref: ValueRef, sources: readonly Source[]): string {
  if (ref.path === '') return speaker.t('say.unset');
  const found = resolveRef(ref, sources, speaker.forms);
  if (!found) return speaker.t('say.gone');
  return found.field ? found.label : speaker.t('say.self', { source: found.label });
}

/** A value in words, as the tutorial writes it: 「【新客户跟进】+ 客户信息表.客户名称」, 「当前时间的 3 天后」. */
export function sayExpr(
  speaker: Speaker,
  value: SecretText,
  field: ReadField | undefined,
  sources: readonly Source[],
): string {
  const { t } = speaker;
  if (value.kind !== 'literal' && isUnset(value)) return t('say.unset');
  switch (value.kind) {
    case 'literal':
      return speaker.sayValue(field, value.value) ?? t('say.blank');
    case 'ref':
      return sayRef(speaker, value.ref, sources);
    case 'text':
      return value.parts
        .filter((part) => !('text' in part) || part.text !== '')
        .map((part) => {
          if ('secret' in part) return t('outside.secretChip', { name: part.secret });
          return 'text' in part ? part.text : sayRef(speaker, part.ref, sources);
        })
        .join(t('say.plus'));
    case 'now': {
      if (value.offset === 0) return t('say.now');
      const key = value.offset > 0 ? 'say.nowAfter' : 'say.nowBefore';
      return t(key, { n: Math.abs(value.offset), unit: t(`unit.${value.unit}`) });
    }
    case 'starter':
      return t('say.starter');
  }
}

function sayAssignments(
  speaker: Speaker,
  assignments: readonly Assignment[],
  form: FormView | undefined,
  sources: readonly Source[],
): string {
  return assignments
    .map((item) => {
      const field = fieldOf(form, item.field);
      return speaker.t('say.assign', {
        field: field?.name ?? speaker.t('say.gone'),
        value: sayExpr(speaker, item.value, field, sources),
      });
    })
    .join(speaker.t('say.comma'));
}

/** Who gets something, in words: 「客户信息表.负责人的主管」. */
export function sayPerson(speaker: Speaker, person: PersonExpr, sources: readonly Source[]): string {
  const { t } = speaker;
  switch (person.kind) {
    case 'member':
      return person.ids.map((id) => speaker.nameOfMember(id) ?? t('say.gone')).join(t('say.and'));
    case 'role':
      return t('say.role', { name: speaker.nameOfRole(person.roleId) ?? t('say.gone') });
    case 'field':
      return sayRef(speaker, person.ref, sources);
    case 'starter':
      return t('say.starter');
    case 'managerOf': {
      const of = person.of.kind === 'starter' ? t('say.starter') : sayRef(speaker, person.of.ref, sources);
      return person.level === 1 ? t('say.manager', { of }) : t('say.managerLevel', { of, n: person.level });
    }
    case 'managerChain': {
      const of = person.of.kind === 'starter' ? t('say.starter') : sayRef(speaker, person.of.ref, sources);
      return t('say.managerChain', { of, n: person.levels });
    }
    case 'departmentHead': {
      const of = person.of.kind === 'starter' ? t('say.starter') : sayRef(speaker, person.of.ref, sources);
      return person.level === 0 ? t('say.head', { of }) : t('say.headLevel', { of, n: person.level });
    }
    case 'formula':
      return t('say.formula');
    case 'choice':
      return t('say.choice');
  }
}

const sayPeople = (speaker: Speaker, people: readonly PersonExpr[], sources: readonly Source[]): string =>
  people.map((person) => sayPerson(speaker, person, sources)).join(speaker.t('say.and'));

/** True for a filter that lets everything through. */
export function isEmptyFilter(filter: Filter | undefined): boolean {
  if (!filter) return true;
  if ('and' in filter) return filter.and.every(isEmptyFilter);
  if ('or' in filter) return filter.or.every(isEmptyFilter);
  return false;
}

/** The trigger as a sentence. */
export function sayTrigger(speaker: Speaker, trigger: Trigger): string {
  const { t } = speaker;
  const form = formName(speaker, trigger.formId);
  const view = speaker.forms.find((item) => item.id === trigger.formId);
  const condition = filterOf(trigger);
  const filter = condition && !isEmptyFilter(condition) ? speaker.sayFilter(condition, view) : undefined;
  const only = (head: string) => (filter ? t('start.onlyIf', { head, filter }) : head);
  switch (trigger.type) {
    case 'recordCreated':
      return filter ? t('say.createdIf', { form, filter }) : t('say.created', { form });
    case 'recordUpdated': {
      const fields = trigger.fields
        .map((id) => t('say.quoted', { text: fieldOf(view, id)?.name ?? t('say.gone') }))
        .join(t('say.and'));
      const head = fields ? t('say.updatedFields', { form, fields }) : t('say.updated', { form });
      const before =
        trigger.before && !isEmptyFilter(trigger.before) ? speaker.sayFilter(trigger.before, view) : undefined;
      const from = before ? t('start.from', { head, filter: before }) : head;
      return filter ? t('say.updatedIf', { head: from, filter }) : from;
    }
    case 'entersFilter':
      return filter ? t('say.enters', { form, filter }) : t('say.entersNone', { form });
    case 'recordDeleted':
      return only(t('start.sayDeleted', { form }));
    case 'recordRestored':
      return only(t('start.sayRestored', { form }));
    case 'formSubmitted':
      return only(t('start.saySubmitted', { form }));
    case 'approvalEnded':
      return t('start.sayApproval', {
        form,
        ends: trigger.outcomes.map((end) => t(`start.${end}`)).join(t('start.or')),
      });
    case 'schedule':
      return sayPlan(t, trigger.plan);
    case 'dateArrives': {
      const field = fieldOf(view, trigger.field)?.name;
      return field ? only(sayWhen(t, trigger, form, field)) : t('start.dateNone');
    }
    case 'button':
      return only(t('start.sayButton', { form, label: trigger.label }));
    case 'chat':
      return sayChat(t, trigger);
    case 'webhook':
      return t('start.sayWebhook');
    case 'called':
      return t('start.sayCalled', { form });
  }
}

/** A case's name on its way: its own, else 「条件 1」. */
export function caseName(t: TFunction<'flows'>, node: Extract<FlowNode, { type: 'branch' }>, caseId: string): string {
  const index = node.cases.findIndex((item) => item.id === caseId);
  return node.cases[index]?.name || t('port.case', { n: index + 1 });
}

/** The form whose record a node changes or opens. */
export function formOfSource(speaker: Speaker, source: string): FormView | undefined {
  if (source === triggerId && !bringsRecord(speaker.def.trigger)) return undefined;
  const id = source === triggerId ? speaker.def.trigger.formId : madeFormId(speaker.def, source);
  return speaker.forms.find((form) => form.id === id);
}

/** How several approvers decide together, in brackets. */
function sayMode(t: TFunction<'flows'>, node: Extract<FlowNode, { type: 'approval' }>): string {
  if (node.mode === 'all' && node.refuse === 'afterAll') return t('say.allAfter');
  if (node.mode !== 'ratio' || !node.atLeast) return t(`say.${node.mode}`);
  return t(node.atLeast.unit === 'percent' ? 'say.ratioPercent' : 'say.ratioCount', { n: node.atLeast.value });
}

/** A node as a sentence; a branch as one line a case. */
export function sayNode(speaker: Speaker, node: FlowNode): string {
  const { t } = speaker;
  const sources = sourcesOf(speaker, node.id);
  switch (node.type) {
    case 'createRecord': {
      const form = speaker.forms.find((item) => item.id === node.formId);
      if (!form) return node.formId ? `${t('say.createBare', { form: t('say.gone') })}` : t('say.createNone');
      if (node.assignments.length === 0) return t('say.createBare', { form: form.name });
      return t('say.create', { form: form.name, values: sayAssignments(speaker, node.assignments, form, sources) });
    }
    case 'updateRecord': {
      const form = formOfSource(speaker, node.target);
      if (node.assignments.length === 0) return t('say.updateNone');
      const values = sayAssignments(speaker, node.assignments, form, sources);
      return t('say.update', { form: form?.name ?? t('say.gone'), values });
    }
    case 'upsertRecord': {
      const form = speaker.forms.find((item) => item.id === node.formId);
      if (!form) return t('say.createNone');
      const by = fieldOf(form, node.matchOn)?.name ?? t('say.unset');
      return t('more.sayUpsert', {
        ...{ form: form.name, by },
        values: sayAssignments(speaker, node.assignments, form, sources),
      });
    }
    case 'aggregate': {
      const form = speaker.forms.find((item) => item.id === node.formId);
      if (!form) return t('more.sayAggregateNone');
      const what =
        node.fn === 'count' ? '' : t('say.quoted', { text: fieldOf(form, node.field ?? '')?.name ?? t('say.unset') });
      return t('more.sayAggregate', { form: form.name, what, fn: t(`more.fnOf.${node.fn}`) });
    }
    case 'assign': {
      const form = formOfSource(speaker, node.target);
      if (node.people.length === 0) return t('more.sayAssignNone');
      if (node.method === 'territory') return sayTerritory(t, node, form);
      return t('more.sayAssign', {
        ...{ form: form?.name ?? t('say.gone'), method: t(`more.methodOf.${node.method}`) },
        who: sayPeople(speaker, node.people, sources),
      });
    }
    case 'subflow':
      return t(node.flowId ? (node.wait ? 'more.saySubflowWait' : 'more.saySubflow') : 'more.saySubflowNone');
    case 'deleteRecord': {
      const form = formOfSource(speaker, node.target);
      return t('say.delete', { form: form?.name ?? t('say.gone') });
    }
    case 'findRecords': {
      const form = speaker.forms.find((item) => item.id === node.formId);
      if (!form) return t('say.findNone');
      const conditions = node.match.map((item) => {
        const field = fieldOf(form, item.field);
        const value = item.value ? ` ${sayExpr(speaker, item.value, field, sources)}` : '';
        return `${field?.name ?? t('say.gone')} ${speaker.sayOp(item.op)}${value}`;
      });
      if (conditions.length === 0) return t('say.findAll', { form: form.name });
      return t('say.find', { form: form.name, filter: conditions.join(t(node.any ? 'say.or' : 'say.comma')) });
    }
    case 'parallel':
      if (node.ways.some((way) => way.when)) return t('more.saySome', { n: node.ways.length });
      return t(node.join === 'all' ? 'say.parallelAll' : 'say.parallelAny', { n: node.ways.length });
    case 'loop': {
      const form = formOfSource(speaker, node.id);
      return form ? t('say.loop', { form: form.name }) : t('say.loopNone');
    }
    case 'http':
      return t('say.http', { method: node.method, url: sayExpr(speaker, node.url, undefined, sources) });
    case 'setVariables':
      return t('step.sayVariables', {
        names: node.items.map((item) => item.name || t('say.unset')).join(t('say.and')),
      });
    case 'transform':
      return t('step.sayTransform', {
        names: node.items.map((item) => item.name || t('say.unset')).join(t('say.and')),
      });
    case 'branch': {
      const form = conditionForm(speaker, node.id);
      return node.cases
        .map((item) =>
          t('say.branchCase', {
            name: caseName(t, node, item.id),
            filter: isEmptyFilter(item.filter) ? t('say.branchNone') : speaker.sayFilter(item.filter, form),
          }),
        )
        .join('\n');
    }
    case 'delay':
      return node.wait.kind === 'for'
        ? t('say.delayFor', { n: node.wait.amount, unit: t(`unit.${node.wait.unit}`) })
        : t('say.delayUntil', { value: sayExpr(speaker, node.wait.value, undefined, sources) });
    case 'message':
      if (node.to.length === 0) return t('say.messageNone');
      return t('say.message', {
        to: sayPeople(speaker, node.to, sources),
        title: sayExpr(speaker, node.title, undefined, sources),
      });
    case 'approval':
      if (node.approvers.length === 0) return t('say.approvalNone');
      return t('say.approval', {
        who: sayPeople(speaker, node.approvers, sources),
        mode: sayMode(t, node),
        title: sayExpr(speaker, node.title, undefined, sources),
      });
    case 'fill': {
      if (node.people.length === 0) return t('fill.sayNone');
      const form = formOfSource(speaker, node.target);
      const fields = Object.entries(node.fields)
        .filter(([, right]) => right === 'edit' || right === 'required')
        .map(([id]) => fieldOf(form, id)?.name ?? t('say.gone'));
      return t('fill.say', {
        who: sayPeople(speaker, node.people, sources),
        fields: fields.join(t('say.and')) || t('say.unset'),
      });
    }
    case 'comment':
      return t('fill.sayComment', {
        form: formOfSource(speaker, node.target)?.name ?? t('say.gone'),
        text: sayExpr(speaker, node.text, undefined, sources),
      });
    case 'email':
      if (node.to.length === 0 && !node.addresses) return t('outside.sayEmailNone');
      return t('outside.sayEmail', {
        to: [
          sayPeople(speaker, node.to, sources),
          node.addresses && sayExpr(speaker, node.addresses, undefined, sources),
        ]
          .filter(Boolean)
          .join(t('say.and')),
        title: sayExpr(speaker, node.subject, undefined, sources),
      });
    case 'groupMessage':
      if (node.robot === '') return t('outside.sayGroupNone');
      return t('outside.sayGroup', { robot: node.robot, title: sayExpr(speaker, node.title, undefined, sources) });
    case 'cc':
      return t('say.cc', {
        to: sayPeople(speaker, node.to, sources),
        title: sayExpr(speaker, node.title, undefined, sources),
      });
    case 'end':
      return node.message ? t('say.endMessage', { text: node.message }) : t('say.end');
  }
}
