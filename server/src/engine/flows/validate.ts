import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import { fold } from '@lianke/shared/filter/fold';
import { refOfAnswerKey } from '@lianke/shared/flows/answers';
import { bodyPortsOf, type FlowDefinition, type FlowNode, nextNode, portsOf } from '@lianke/shared/flows/definition';
import { nextDue } from '@lianke/shared/flows/schedule-times';
import { filterOf, inputsOf, type Trigger } from '@lianke/shared/flows/triggers';
import type { FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { Org } from '../org/org-directory.js';
import { faultWords } from './fault-words.js';
import { compileInFlow, formulaFault } from './run-formula.js';
import { type FoundFault, type OutsideGround, References } from './validate-refs.js';
import { territoryFaults } from './validate-territories.js';

/** Everything that keeps a definition from being published, each fault with the node it belongs to. */
export function validateFlow(
  definition: FlowDefinition,
  forms: TenantForms,
  org: Org,
  zone: string,
  outside?: OutsideGround,
): FoundFault[] {
  return new Validator(definition, forms, org, zone, outside).run();
}

class Validator extends References {
  run(): FoundFault[] {
    const form = this.forms.get(this.definition.trigger.formId);
    if (!form) {
      this.add('trigger', faultWords.triggerFormGone);
      return this.faults;
    }
    this.checkTrigger(form);
    this.checkRunAs();
    this.checkGraph();
    for (const node of this.definition.nodes) this.checkNode(node);
    return this.faults;
  }

  private checkRunAs(): void {
    const { runAs, trigger } = this.definition;
    if (runAs?.kind === 'member' && this.org.members.get(runAs.id as never)?.state !== 'active')
      this.add('trigger', faultWords.runAsGone);
    if (runAs?.kind === 'starter' && ['schedule', 'dateArrives', 'webhook'].includes(trigger.type))
      this.add('trigger', faultWords.runAsNobody);
  }

  private checkTrigger(form: FormMeta): void {
    const { trigger } = this.definition;
    const filter = filterOf(trigger);
    if (filter) this.checkFilter('trigger', filter, form);
    if (trigger.type === 'recordUpdated') {
      if (trigger.before) this.checkFilter('trigger', trigger.before, form);
      for (const ref of trigger.fields) if (!form.field(ref)) this.add('trigger', faultWords.watchedGone);
    }
    if (trigger.type === 'dateArrives') this.checkDate(trigger, form);
    if (trigger.type === 'chat') this.checkChat(trigger, form);
    if (trigger.type === 'schedule' && !nextDue(trigger.plan, new Date(), this.zone))
      this.add('trigger', faultWords.neverDue);
    const keys = inputsOf(trigger).map((input) => input.key);
    if (new Set(keys).size < keys.length) this.add('trigger', faultWords.inputsTwice);
    for (const input of inputsOf(trigger))
      if (input.type === 'select' && trigger.type === 'button' && !input.options?.length)
        this.add('trigger', faultWords.inputWithoutOptions, { label: input.label });
  }

  private checkChat({ on, match, keywords, find }: Extract<Trigger, { type: 'chat' }>, form: FormMeta): void {
    if (on === 'text' && keywords.length === 0) this.add('trigger', faultWords.noKeywords);
    const folded = keywords.map(fold);
    if (new Set(folded).size < folded.length) this.add('trigger', faultWords.keywordsTwice);
    if (!find) return;
    if (on === 'text' && match === 'exact') this.add('trigger', faultWords.findExact);
    if (find.field === undefined) return;
    const field = form.field(find.field);
    if (!field) this.add('trigger', faultWords.findFieldGone);
    else if (field.typeName !== 'autonumber' && !field.def.rules.unique)
      this.add('trigger', faultWords.findFieldRepeats, { field: field.name });
  }

  private checkDate(trigger: Extract<Trigger, { type: 'dateArrives' }>, form: FormMeta): void {
    const field = form.field(trigger.field);
    if (!field) this.add('trigger', trigger.field ? faultWords.dateFieldGone : faultWords.noDateField);
    else if (field.storage !== 'date' && field.storage !== 'timestamptz')
      this.add('trigger', faultWords.notADate, { field: field.name });
  }

  private checkGraph(): void {
    if (this.definition.nodes.length === 0) this.add('trigger', faultWords.noNodes);
    if (this.nodes.size !== this.definition.nodes.length) this.add('trigger', faultWords.nodesTwice);
    const starts = this.definition.edges.filter((edge) => edge.from === 'trigger');
    if (starts.length > 1) this.add('trigger', faultWords.severalStarts);
    const seen = new Set<string>();
    for (const edge of this.definition.edges) {
      const from = this.nodes.get(edge.from);
      if (!this.nodes.has(edge.to) || (edge.from !== 'trigger' && !from)) {
        this.add(edge.from, faultWords.edgeLoose);
        continue;
      }
      const port = edge.port ?? 'next';
      if (from && !portsOf(from).includes(port)) this.add(edge.from, faultWords.portGone);
      if (seen.has(`${edge.from}/${port}`)) this.add(edge.from, faultWords.portTwice);
      seen.add(`${edge.from}/${port}`);
    }
    const reached = this.reachable();
    for (const node of this.definition.nodes) if (!reached.has(node.id)) this.add(node.id, faultWords.unconnected);
    this.checkBodies();
    const loop = this.findLoop();
    if (loop) this.add(loop, faultWords.circle);
  }

  /** A body is entered by its one port only and never left but by its end: paths of a run must not run together. */
  private checkBodies(): void {
    for (const node of this.definition.nodes) {
      for (const port of bodyPortsOf(node)) {
        const first = nextNode(this.definition, node.id, port);
        if (!first) continue;
        const inside = this.reachable(first).add(first);
        for (const edge of this.definition.edges) {
          if (!inside.has(edge.to) || inside.has(edge.from)) continue;
          if (edge.from !== node.id || edge.port !== port) this.add(edge.to, faultWords.enteredFromOutside);
        }
      }
    }
  }

  private checkNode(node: FlowNode): void {
    switch (node.type) {
      case 'createRecord': {
        const form = this.forms.get(node.formId);
        if (!form) {
          this.add(node.id, faultWords.targetFormGone);
          return;
        }
        this.checkAssignments(node.id, form, node.assignments);
        for (const field of form.fields) {
          const given = node.assignments.some((item) => form.field(item.field) === field);
          if (field.def.rules.required && !field.def.default && !given)
            this.add(node.id, faultWords.requiredUnset, { form: form.name, field: field.name });
        }
        return;
      }
      case 'updateRecord': {
        const form = this.formOf(node.target, node.id);
        if (!form) {
          this.add(node.id, faultWords.updateTargetAhead);
          return;
        }
        this.checkAssignments(node.id, form, node.assignments);
        return;
      }
      case 'upsertRecord': {
        const form = this.forms.get(node.formId);
        if (!form) {
          this.add(node.id, faultWords.targetFormGone);
          return;
        }
        this.checkAssignments(node.id, form, node.assignments);
        const key = form.field(node.matchOn);
        if (!key) this.add(node.id, faultWords.noMatchField);
        else if (!node.assignments.some((item) => form.field(item.field) === key))
          this.add(node.id, faultWords.matchFieldUnset, { field: key.name });
        return;
      }
      case 'aggregate': {
        const form = this.forms.get(node.formId);
        if (!form) {
          this.add(node.id, faultWords.aggregateFormGone);
          return;
        }
        for (const item of node.match) {
          if (!form.field(item.field)) this.add(node.id, faultWords.aggregateFieldGone);
          if (item.value) this.checkValue(node.id, item.value);
        }
        if (node.fn !== 'count' && !(node.field && form.field(node.field)))
          this.add(node.id, faultWords.noAggregateField);
        return;
      }
      case 'assign': {
        const form = this.formOf(node.target, node.id);
        this.checkPeople(node.id, node.people);
        if (!form) this.add(node.id, faultWords.assignTargetAhead);
        else if (form.field(node.field)?.typeName !== 'member') this.add(node.id, faultWords.noAssignField);
        if (form && node.method === 'territory')
          for (const fault of territoryFaults(node, form, this.org)) this.tell(node.id, fault);
        return;
      }
      case 'subflow':
        if (!this.formOf(node.record, node.id)) this.add(node.id, faultWords.subflowRecordAhead);
        for (const item of node.inputs) this.checkValue(node.id, item.value);
        return;
      case 'deleteRecord':
        if (!this.formOf(node.target, node.id)) this.add(node.id, faultWords.deleteTargetAhead);
        return;
      case 'findRecords': {
        const form = this.forms.get(node.formId);
        if (!form) {
          this.add(node.id, faultWords.findFormGone);
          return;
        }
        for (const item of node.match) {
          if (!form.field(item.field)) this.add(node.id, faultWords.findMatchGone);
          if (item.value) this.checkValue(node.id, item.value);
        }
        for (const item of node.sort) if (!form.field(item.field)) this.add(node.id, faultWords.sortGone);
        return;
      }
      case 'parallel':
        this.checkCases(
          node.id,
          node.ways.flatMap((way) => way.when ?? []),
        );
        for (const way of node.ways)
          if (!this.definition.edges.some((edge) => edge.from === node.id && edge.port === `way:${way.id}`))
            this.add(node.id, faultWords.wayEmpty, { way: way.name || way.id });
        return;
      case 'loop':
        if (this.nodes.get(node.over)?.type !== 'findRecords' || !this.before(node.over, node.id))
          this.add(node.id, faultWords.loopOver);
        if (!nextNode(this.definition, node.id, 'each')) this.add(node.id, faultWords.loopEmpty);
        return;
      case 'http':
        for (const value of [
          node.url,
          ...node.headers.map((header) => header.value),
          ...(node.body ? [node.body] : []),
        ])
          this.checkSecretText(node.id, value);
        return;
      case 'fill': {
        const form = this.formOf(node.target, node.id);
        if (!form) this.add(node.id, faultWords.fillTargetAhead);
        if (node.people.length === 0) this.add(node.id, faultWords.nobodyFills);
        this.checkPeople(node.id, node.people);
        this.checkValue(node.id, node.title);
        for (const fact of node.facts) this.checkRef(node.id, fact.ref);
        const asked = Object.entries(node.fields).filter(([, right]) => right === 'edit' || right === 'required');
        if (asked.length === 0) this.add(node.id, faultWords.nothingToFill);
        for (const [id] of form ? Object.entries(node.fields) : [])
          if (!form?.field(id)) this.add(node.id, faultWords.fillFieldGone);
        for (const [id] of asked) {
          const field = form?.field(id);
          if (field && !field.writable) this.add(node.id, faultWords.fillFieldKept, { field: field.name });
        }
        return;
      }
      case 'comment':
        if (!this.formOf(node.target, node.id)) this.add(node.id, faultWords.commentTargetAhead);
        this.checkPeople(node.id, node.mention);
        this.checkValue(node.id, node.text);
        return;
      case 'email':
        this.checkPeople(node.id, node.to);
        if (node.to.length === 0 && !node.addresses) this.add(node.id, faultWords.noMailReceiver);
        for (const value of [node.subject, node.text, ...(node.addresses ? [node.addresses] : [])])
          this.checkValue(node.id, value);
        if (this.outside && !this.outside.mail) this.add(node.id, faultWords.noMailAccount);
        return;
      case 'groupMessage':
        this.checkPeople(node.id, node.mention);
        this.checkValue(node.id, node.title);
        for (const fact of node.facts) this.checkRef(node.id, fact.ref);
        if (node.record && !this.formOf(node.record, node.id)) this.add(node.id, faultWords.linkAhead);
        if (node.robot === '') this.add(node.id, faultWords.noGroup);
        else if (this.outside && this.outside.secrets.get(node.robot) !== 'robot')
          this.add(node.id, faultWords.robotGone, { robot: node.robot });
        return;
      case 'branch':
        this.checkCases(
          node.id,
          node.cases.map((item) => item.filter),
        );
        return;
      case 'setVariables':
      case 'transform':
        this.checkVariables(node);
        return;
      case 'delay':
        if (node.wait.kind === 'until') this.checkValue(node.id, node.wait.value);
        return;
      case 'message':
        this.checkPeople(node.id, node.to);
        this.checkValue(node.id, node.title);
        if (!this.formOf(node.record, node.id)) this.add(node.id, faultWords.cardAhead);
        for (const fact of node.facts) this.checkRef(node.id, fact.ref);
        return;
      case 'approval':
        if (!this.formOf('trigger', node.id)) this.add(node.id, faultWords.approvalWithoutRecord);
        this.checkPeople(node.id, node.approvers);
        this.checkThreshold(node);
        this.checkPolicies(node);
        this.checkValue(node.id, node.title);
        for (const fact of node.facts) this.checkRef(node.id, fact.ref);
        return;
      case 'cc':
        this.checkPeople(node.id, node.to);
        if (node.to.some((person) => person.kind === 'choice')) this.add(node.id, faultWords.copiesByStarter);
        this.checkValue(node.id, node.title);
        for (const fact of node.facts) this.checkRef(node.id, fact.ref);
        return;
      case 'end':
        return;
    }
  }

  private checkCases(node: string, filters: readonly Filter[]): void {
    const form = this.formOf('trigger', node);
    for (const filter of filters) {
      for (const path of fieldsOf(filter)) {
        const ref = refOfAnswerKey(path);
        if (ref) this.checkAnswer(node, ref);
        else if (!form) this.add(node, faultWords.branchWithoutRecord);
      }
      if (form) this.checkFilter(node, filter, form);
    }
  }

  /** People named one by one can be counted before anybody is asked. */
  private checkThreshold(node: Extract<FlowNode, { type: 'approval' }>): void {
    if (node.mode !== 'ratio') return;
    if (!node.atLeast) {
      this.add(node.id, faultWords.noThreshold);
      return;
    }
    const named = new Set(node.approvers.flatMap((person) => (person.kind === 'member' ? person.ids : [])));
    const countable = node.approvers.every((person) => person.kind === 'member');
    if (countable && node.atLeast.unit === 'count' && node.atLeast.value > named.size)
      this.add(node.id, faultWords.thresholdAbove, { have: named.size, want: node.atLeast.value });
  }

  /** What an approval says beside who and how many: whom instead of nobody, fields, timers, opinions. */
  private checkPolicies(node: Extract<FlowNode, { type: 'approval' }>): void {
    const form = this.forms.get(this.definition.trigger.formId);
    if (node.whenEmpty === 'named' && !node.emptyTo?.length) this.add(node.id, faultWords.nobodyInstead);
    if (node.collectAll && node.mode === 'any' && node.refuse !== 'afterAll')
      this.add(node.id, faultWords.collectsAfterFirst);
    for (const [id, right] of Object.entries(node.fields ?? {})) {
      const field = form?.field(id);
      if (!field) this.add(node.id, faultWords.rightFieldGone);
      else if ((right === 'edit' || right === 'required') && !field.writable)
        this.add(node.id, faultWords.rightFieldKept, { field: field.name });
    }
    for (const timer of node.timers ?? []) {
      if (timer.at.kind === 'field') this.checkRef(node.id, timer.at.ref);
      if (timer.times > 1 && !timer.every) this.add(node.id, faultWords.timerWithoutGap);
    }
    const hours = this.definition.approval?.hours;
    if (hours && hours.from >= hours.to) this.add('trigger', faultWords.hoursBackwards);
  }

  /** Names that are told apart, and values that can be worked out. */
  private checkVariables(node: Extract<FlowNode, { type: 'setVariables' | 'transform' }>): void {
    const keys = node.items.map((item) => item.key);
    const names = node.items.map((item) => item.name);
    if (new Set(keys).size < keys.length) this.add(node.id, faultWords.variableKeysTwice);
    if (names.includes('')) this.add(node.id, faultWords.variableNameless);
    const fields = this.formOf('trigger', node.id)?.fields ?? [];
    for (const name of names)
      if (fields.some((field) => field.name === name)) this.add(node.id, faultWords.variableNamedAsField, { name });
    if (new Set(names).size < names.length) this.add(node.id, faultWords.variablesTwice);
    if (node.type === 'transform') {
      for (const item of node.items) this.checkValue(node.id, item.from);
      return;
    }
    const before = new Set(
      this.definition.nodes.filter((item) => this.before(item.id, node.id)).map((item) => item.id),
    );
    for (const { name, value } of node.items) {
      if (value.kind !== 'formula') {
        this.checkValue(node.id, value);
        continue;
      }
      if (value.formula.trim() === '') this.add(node.id, faultWords.variableWithoutFormula, { name });
      else {
        const fault = formulaFault(compileInFlow(value.formula, this.forms, this.definition, before));
        if (fault)
          this.tell(node.id, {
            zh: `变量“${name}”的公式有误：${fault.zh}`,
            en: `The formula of the variable "${name}" is wrong: ${fault.en}`,
          });
      }
    }
  }
}
