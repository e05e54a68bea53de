import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import { type FlowFault, type FlowNode, flowDefinition } from '@lianke/shared/flows/definition';
import { groundForm } from '@lianke/shared/flows/formula-world';
import type { SecretText } from '@lianke/shared/flows/nodes/outside';
import { filterOf, inputsOf } from '@lianke/shared/flows/triggers';
import type { Assignment, CardFact, PersonExpr, ValueExpr, ValueRef } from '@lianke/shared/flows/values';
import { compile } from '@lianke/shared/formulas/compile';
import { faultText } from '@lianke/shared/formulas/faults';
import type { FormView } from '../../api/queries.js';
import { checkChat } from './chat-faults.js';
import { conditionForm, formulaWorldOf } from './conditions.js';
import { certainBefore, nodeOf, reachableFrom, targetAt, triggerId } from './graph.js';
import { fieldOf, resolveRef, type Source } from './sources.js';
import { checkTerritories } from './territory-faults.js';
import { assignable, fits, isUnset, kindsFor, mustBeAssigned } from './values.js';
import { caseName, formOfSource, isEmptyFilter, type Speaker, sayExpr, sayRef, sourcesOf } from './words.js';

type Report = (message: string) => void;

/** What is wrong with a definition before the server says so: each fault names its node and what to mend. */
export function findFaults(speaker: Speaker): FlowFault[] {
  const faults: FlowFault[] = [];
  const { def, t } = speaker;
  const at =
    (node: string): Report =>
    (message) => {
      faults.push({ node, message });
    };
  checkTrigger(speaker, at(triggerId));
  const reached = reachableFrom(def, triggerId);
  for (const node of def.nodes) {
    if (!reached.has(node.id)) at(node.id)(t('fault.loose'));
    else checkNode(speaker, node, at(node.id));
  }
  for (const node of schemaFaults(speaker)) {
    if (!faults.some((fault) => fault.node === node)) at(node)(t('fault.schema'));
  }
  return faults;
}

/** Nodes that the shared schema refuses; such a draft cannot be sent to the server. */
export function schemaFaults(speaker: Pick<Speaker, 'def'>): Set<string> {
  const parsed = flowDefinition.safeParse(speaker.def);
  const nodes = new Set<string>();
  for (const issue of parsed.error?.issues ?? []) {
    const index = issue.path[0] === 'nodes' ? issue.path[1] : undefined;
    nodes.add(typeof index === 'number' ? (speaker.def.nodes[index]?.id ?? triggerId) : triggerId);
  }
  return nodes;
}

function checkTrigger(speaker: Speaker, report: Report): void {
  const { t, def } = speaker;
  const form = speaker.forms.find((item) => item.id === def.trigger.formId);
  if (!form) report(t('fault.formGone'));
  else {
    if (def.trigger.type === 'recordUpdated' && def.trigger.fields.some((id) => !fieldOf(form, id))) {
      report(t('fault.watchedGone'));
    }
    if (def.trigger.type === 'entersFilter' && isEmptyFilter(def.trigger.filter)) report(t('fault.noFilter'));
    checkFilter(speaker, filterOf(def.trigger), form, report);
    if (def.trigger.type === 'recordUpdated') checkFilter(speaker, def.trigger.before, form, report);
    if (def.trigger.type === 'dateArrives' && !fieldOf(form, def.trigger.field)) report(t('start.dateNone'));
    if (def.trigger.type === 'chat') checkChat(speaker, def.trigger, form, report);
    if (def.trigger.type === 'approvalEnded' && def.trigger.outcomes.length === 0) report(t('start.noOutcome'));
    if (def.trigger.type === 'button' && def.trigger.label.trim() === '') report(t('start.noLabel'));
    for (const input of inputsOf(def.trigger)) {
      if (input.label.trim() === '') report(t('start.inputNameless'));
      if (input.type === 'select' && def.trigger.type === 'button' && !input.options?.length)
        report(t('start.inputNoOptions', { label: input.label }));
    }
  }
  if (def.nodes.length === 0) report(t('fault.noSteps'));
}

function checkFilter(speaker: Speaker, filter: Filter | undefined, form: FormView, report: Report): void {
  if (!filter) return;
  // Triggers and branches are decided from one record's own values, before anything else is read.
  const paths = fieldsOf(filter);
  if (paths.some((path) => path.includes('.'))) report(speaker.t('fault.filterPath'));
  else if (paths.some((path) => !fieldOf(form, path))) report(speaker.t('fault.filterField'));
}

function checkNode(speaker: Speaker, node: FlowNode, report: Report): void {
  const { t } = speaker;
  const sources = sourcesOf(speaker, node.id);
  switch (node.type) {
    case 'createRecord': {
      if (!node.formId) {
        report(t('fault.noTarget'));
        return;
      }
      const form = speaker.forms.find((item) => item.id === node.formId);
      if (!form) {
        report(t('fault.targetGone'));
        return;
      }
      for (const field of form.fields.filter(mustBeAssigned)) {
        if (!node.assignments.some((item) => fieldOf(form, item.field) === field)) {
          report(t('fault.required', { form: form.name, field: field.name }));
        }
      }
      checkAssignments(speaker, node.assignments, form, sources, report);
      return;
    }
    case 'updateRecord': {
      const form = isBefore(speaker, node.id, node.target) ? formOfSource(speaker, node.target) : undefined;
      if (!form) {
        report(t('fault.targetMissing'));
        return;
      }
      if (node.assignments.length === 0) report(t('fault.noAssignments'));
      checkAssignments(speaker, node.assignments, form, sources, report);
      return;
    }
    case 'upsertRecord': {
      const form = speaker.forms.find((item) => item.id === node.formId);
      if (!form) {
        report(t(node.formId ? 'fault.targetGone' : 'fault.noTarget'));
        return;
      }
      if (!fieldOf(form, node.matchOn)) report(t('more.noMatchOn'));
      checkAssignments(speaker, node.assignments, form, sources, report);
      return;
    }
    case 'aggregate': {
      checkSearch(speaker, node, sources, report);
      const form = speaker.forms.find((item) => item.id === node.formId);
      if (form && node.fn !== 'count' && !fieldOf(form, node.field ?? '')) report(t('more.noFnField'));
      return;
    }
    case 'assign':
      if (node.people.length === 0) report(t('more.noPeople'));
      if (node.method === 'territory') checkTerritories(speaker, node, formOfSource(speaker, node.target), report);
      checkPeople(speaker, node.people, sources, report);
      if (!formOfSource(speaker, node.target)) report(t('fault.targetMissing'));
      return;
    case 'subflow':
      if (!node.flowId) report(t('more.noSubflow'));
      for (const item of node.inputs)
        if (refsOf(item.value).some((ref) => !resolveRef(ref, sources, speaker.forms))) report(t('fault.httpRef'));
      return;
    case 'deleteRecord':
      if (!isBefore(speaker, node.id, node.target) || !formOfSource(speaker, node.target))
        report(t('fault.targetMissing'));
      return;
    case 'findRecords':
      checkSearch(speaker, node, sources, report);
      return;
    case 'parallel': {
      const form = conditionForm(speaker, node.id);
      for (const [index, way] of node.ways.entries()) {
        if (form) checkFilter(speaker, way.when, form, report);
        if (targetAt(speaker.def, { from: node.id, port: `way:${way.id}` }) === undefined)
          report(t('fault.wayEmpty', { name: way.name || t('port.way', { n: index + 1 }) }));
      }
      return;
    }
    case 'loop':
      if (!isBefore(speaker, node.id, node.over) || nodeOf(speaker.def, node.over)?.type !== 'findRecords')
        report(t('fault.loopOver'));
      if (targetAt(speaker.def, { from: node.id, port: 'each' }) === undefined) report(t('fault.loopEmpty'));
      return;
    case 'http':
      if (isUnset(node.url) || !/^https?:\/\//.test(firstText(node.url))) report(t('fault.httpUrl'));
      for (const value of [node.url, ...node.headers.map((header) => header.value), ...(node.body ? [node.body] : [])])
        if (refsOf(value).some((ref) => !resolveRef(ref, sources, speaker.forms))) report(t('fault.httpRef'));
      return;
    case 'fill': {
      const form = isBefore(speaker, node.id, node.target) ? formOfSource(speaker, node.target) : undefined;
      if (!form) report(t('fault.targetMissing'));
      if (node.people.length === 0) report(t('fill.faultPeople'));
      checkPeople(speaker, node.people, sources, report);
      if (!Object.values(node.fields).some((right) => right === 'edit' || right === 'required'))
        report(t('fill.faultFields'));
      if (form && Object.keys(node.fields).some((id) => !fieldOf(form, id))) report(t('fill.faultField'));
      checkCard(speaker, node, sources, report, undefined);
      return;
    }
    case 'comment':
      if (!isBefore(speaker, node.id, node.target) || !formOfSource(speaker, node.target))
        report(t('fault.targetMissing'));
      checkPeople(speaker, node.mention, sources, report);
      if (isUnset(node.text)) report(t('fill.faultText'));
      else if (refsOf(node.text).some((ref) => !resolveRef(ref, sources, speaker.forms))) report(t('outside.faultRef'));
      return;
    case 'email':
      if (node.to.length === 0 && !node.addresses) report(t('outside.faultNoReceiver'));
      checkPeople(speaker, node.to, sources, report);
      if (isUnset(node.subject)) report(t('outside.faultNoSubject'));
      for (const value of [node.subject, node.text, ...(node.addresses ? [node.addresses] : [])])
        if (refsOf(value).some((ref) => !resolveRef(ref, sources, speaker.forms))) report(t('outside.faultRef'));
      return;
    case 'groupMessage':
      if (node.robot === '') report(t('outside.faultNoRobot'));
      checkPeople(speaker, node.mention, sources, report);
      checkCard(speaker, node, sources, report, node.record);
      return;
    case 'branch': {
      const form = conditionForm(speaker, node.id);
      for (const item of node.cases) {
        if (isEmptyFilter(item.filter)) report(t('fault.caseEmpty', { name: caseName(t, node, item.id) }));
        else if (form) checkFilter(speaker, item.filter, form, report);
      }
      return;
    }
    case 'setVariables':
    case 'transform':
      checkVariables(speaker, node, sources, report);
      return;
    case 'delay':
      if (node.wait.kind === 'until') checkUntil(speaker, node.wait.value, sources, report);
      return;
    case 'message':
      if (node.to.length === 0) report(t('fault.noReceivers'));
      checkPeople(speaker, node.to, sources, report);
      checkCard(speaker, node, sources, report, node.record);
      return;
    case 'cc':
      if (node.to.length === 0) report(t('fault.noApprovers'));
      checkPeople(speaker, node.to, sources, report);
      checkCard(speaker, node, sources, report, triggerId);
      return;
    case 'approval':
      if (node.approvers.length === 0) report(t('fault.noApprovers'));
      checkPeople(speaker, node.approvers, sources, report);
      checkThreshold(speaker, node, report);
      checkCard(speaker, node, sources, report, triggerId);
      return;
    case 'end':
      return;
  }
}

/** People named one by one can be counted before anybody is asked. */
function checkThreshold({ t }: Speaker, node: Extract<FlowNode, { type: 'approval' }>, report: Report): void {
  if (node.mode !== 'ratio') return;
  if (!node.atLeast) {
    report(t('fault.noThreshold'));
    return;
  }
  const named = new Set(node.approvers.flatMap((person) => (person.kind === 'member' ? person.ids : [])));
  const countable = node.approvers.length > 0 && node.approvers.every((person) => person.kind === 'member');
  if (countable && node.atLeast.unit === 'count' && node.atLeast.value > named.size)
    report(t('fault.thresholdAbove', { have: named.size, want: node.atLeast.value }));
}

function checkVariables(
  speaker: Speaker,
  node: Extract<FlowNode, { type: 'setVariables' | 'transform' }>,
  sources: readonly Source[],
  report: Report,
): void {
  const { t, forms } = speaker;
  const start = formOfSource(speaker, triggerId);
  const names = node.items.map((item) => item.name.trim());
  if (names.includes('')) report(t('step.variableNameless'));
  for (const [index, name] of names.entries()) {
    if (name !== '' && names.indexOf(name) !== index) report(t('step.variableTwice', { name }));
    if (start?.fields.some((field) => field.name === name)) report(t('step.variableField', { name }));
  }
  for (const item of node.items) {
    const { name } = item;
    const value = 'value' in item ? item.value : item.from;
    if (value.kind === 'formula') {
      const done = compile(value.formula, formulaWorldOf(speaker, sources), groundForm);
      if (value.formula.trim() === '') report(t('step.variableUnset', { name }));
      else if (!done.ok && done.faults[0])
        report(t('step.variableFormula', { name, fault: faultText(done.faults[0], speaker.language) }));
    } else if (isUnset(value)) report(t('step.variableUnset', { name }));
    else if (refsOf(value).some((ref) => !resolveRef(ref, sources, forms))) report(t('step.variableRef', { name }));
  }
}

function checkSearch(
  speaker: Speaker,
  node: Extract<FlowNode, { type: 'findRecords' | 'aggregate' }>,
  sources: readonly Source[],
  report: Report,
): void {
  const { t } = speaker;
  const form = speaker.forms.find((item) => item.id === node.formId);
  if (!form) {
    report(t(node.formId ? 'fault.targetGone' : 'fault.findForm'));
    return;
  }
  for (const item of node.match) {
    const field = fieldOf(form, item.field);
    if (!field) report(t('fault.filterField'));
    else if (item.value && isUnset(item.value)) report(t('fault.unset', { field: field.name }));
    else if (item.value && refsOf(item.value).some((ref) => !resolveRef(ref, sources, speaker.forms)))
      report(t('fault.refGone', { field: field.name }));
  }
}

/** The text an address begins with; one that begins with a reference is taken as it comes. */
function firstText(value: SecretText): string {
  if (value.kind === 'literal') return String(value.value ?? '');
  if (value.kind !== 'text') return 'https://';
  const first = value.parts[0];
  return first && 'text' in first ? first.text : 'https://';
}

const isBefore = (speaker: Speaker, nodeId: string, source: string): boolean =>
  source === triggerId || certainBefore(speaker.def, nodeId).includes(source);

function checkAssignments(
  speaker: Speaker,
  assignments: readonly Assignment[],
  form: FormView,
  sources: readonly Source[],
  report: Report,
): void {
  const { t } = speaker;
  for (const item of assignments) {
    const field = fieldOf(form, item.field);
    if (!field) {
      report(t('fault.fieldGone'));
      continue;
    }
    const name = field.name;
    if (!assignable(field)) report(t('fault.notAssignable', { field: name }));
    else if (isUnset(item.value)) report(t('fault.unset', { field: name }));
    else if (!kindsFor(field.type).includes(item.value.kind)) report(t('fault.kind', { field: name }));
    else if (refsOf(item.value).some((ref) => !resolveRef(ref, sources, speaker.forms))) {
      report(t('fault.refGone', { field: name }));
    } else if (item.value.kind === 'ref') {
      const from = resolveRef(item.value.ref, sources, speaker.forms);
      if (from && !fits(field, from.field, from.form)) {
        report(t('fault.unfit', { field: name, value: sayRef(speaker, item.value.ref, sources) }));
      }
    }
  }
}

function refsOf(value: SecretText): ValueRef[] {
  if (value.kind === 'ref') return [value.ref];
  if (value.kind === 'text') return value.parts.flatMap((part) => ('ref' in part ? [part.ref] : []));
  return [];
}

function checkUntil(speaker: Speaker, value: ValueExpr, sources: readonly Source[], report: Report): void {
  const { t } = speaker;
  if (isUnset(value)) {
    report(t('fault.untilUnset'));
    return;
  }
  if (value.kind !== 'ref') return;
  const found = resolveRef(value.ref, sources, speaker.forms);
  const temporal = found?.field && ['date', 'datetime', 'lastContact'].includes(found.field.type);
  if (!temporal) report(t('fault.untilUnfit', { value: sayExpr(speaker, value, undefined, sources) }));
}

function checkPeople(
  speaker: Speaker,
  people: readonly PersonExpr[],
  sources: readonly Source[],
  report: Report,
): void {
  const memberRef = (ref: ValueRef) => resolveRef(ref, sources, speaker.forms)?.field?.type === 'member';
  // A relation stands for the owner of its record, a department for its head.
  const peopleRef = (ref: ValueRef) =>
    ['member', 'members', 'department', 'relation'].includes(
      resolveRef(ref, sources, speaker.forms)?.field?.type ?? '',
    );
  const known = (person: PersonExpr): boolean => {
    switch (person.kind) {
      case 'member':
        return person.ids.length > 0 && person.ids.every((id) => speaker.nameOfMember(id) !== undefined);
      case 'role':
        return speaker.nameOfRole(person.roleId) !== undefined;
      case 'field':
        return peopleRef(person.ref);
      case 'starter':
        return true;
      case 'managerOf':
      case 'managerChain':
        return person.of.kind === 'starter' || memberRef(person.of.ref);
      case 'departmentHead':
        return person.of.kind === 'starter' || peopleRef(person.of.ref);
      case 'formula':
        return person.formula.trim() !== '';
      case 'choice':
        return true;
    }
  };
  if (!people.every(known)) report(speaker.t('fault.personGone'));
}

function checkCard(
  speaker: Speaker,
  card: { id: string; title: ValueExpr; facts: readonly CardFact[] },
  sources: readonly Source[],
  report: Report,
  record: string | undefined,
): void {
  const { t, forms } = speaker;
  const blank = card.title.kind === 'literal' && (card.title.value === null || card.title.value === '');
  if (blank || isUnset(card.title)) report(t('fault.noTitle'));
  else if (refsOf(card.title).some((ref) => !resolveRef(ref, sources, forms))) report(t('fault.titleRef'));
  for (const fact of card.facts) {
    if (fact.label.trim() === '') report(t('fault.factLabel'));
    else if (!resolveRef(fact.ref, sources, forms)) report(t('fault.factGone', { label: fact.label }));
  }
  if (record === undefined) return;
  const known = record === triggerId || nodeOf(speaker.def, record)?.type === 'createRecord';
  if (!known || !isBefore(speaker, card.id, record)) report(t('fault.recordGone'));
}
