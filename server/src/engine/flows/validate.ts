import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import { fold } from '@lianke/shared/filter/fold';
import { refOfAnswerKey } from '@lianke/shared/flows/answers';
import {
  bodyPortsOf,
  type FlowDefinition,
  type FlowFault,
  type FlowNode,
  nextNode,
  portsOf,
} from '@lianke/shared/flows/definition';
import { nextDue } from '@lianke/shared/flows/schedule-times';
import { filterOf, inputsOf, type Trigger } from '@lianke/shared/flows/triggers';
import type { FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { Org } from '../org/org-directory.js';
import { compileInFlow, formulaFault } from './run-formula.js';
import { type OutsideGround, References } from './validate-refs.js';
import { territoryFaults } from './validate-territories.js';

/** Everything that keeps a definition from being published, each fault with the node it belongs to. */
export function validateFlow(
  definition: FlowDefinition,
  forms: TenantForms,
  org: Org,
  zone: string,
  outside?: OutsideGround,
): FlowFault[] {
  return new Validator(definition, forms, org, zone, outside).run();
}

class Validator extends References {
  run(): FlowFault[] {
    const form = this.forms.get(this.definition.trigger.formId);
    if (!form) {
      this.add('trigger', '触发的表单已删除，请重新选择');
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
      this.add('trigger', '流程运行的身份已停用，请换一位成员');
    if (runAs?.kind === 'starter' && ['schedule', 'dateArrives', 'webhook'].includes(trigger.type))
      this.add('trigger', '这样触发的流程没有发起人，请换一个运行身份');
  }

  private checkTrigger(form: FormMeta): void {
    const { trigger } = this.definition;
    const filter = filterOf(trigger);
    if (filter) this.checkFilter('trigger', filter, form);
    if (trigger.type === 'recordUpdated') {
      if (trigger.before) this.checkFilter('trigger', trigger.before, form);
      for (const ref of trigger.fields) if (!form.field(ref)) this.add('trigger', '监听的字段已删除');
    }
    if (trigger.type === 'dateArrives') this.checkDate(trigger, form);
    if (trigger.type === 'chat') this.checkChat(trigger, form);
    if (trigger.type === 'schedule' && !nextDue(trigger.plan, new Date(), this.zone))
      this.add('trigger', '这个日期永远不会到，请换一个');
    const keys = inputsOf(trigger).map((input) => input.key);
    if (new Set(keys).size < keys.length) this.add('trigger', '有两个输入项的名称相同');
    for (const input of inputsOf(trigger))
      if (input.type === 'select' && trigger.type === 'button' && !input.options?.length)
        this.add('trigger', `输入项“${input.label}”还没有选项`);
  }

  private checkChat({ on, match, keywords, find }: Extract<Trigger, { type: 'chat' }>, form: FormMeta): void {
    if (on === 'text' && keywords.length === 0) this.add('trigger', '请填写至少一个关键词');
    const folded = keywords.map(fold);
    if (new Set(folded).size < folded.length) this.add('trigger', '有两个关键词相同');
    if (!find) return;
    if (on === 'text' && match === 'exact')
      this.add('trigger', '完全一致的关键词后面没有内容，找不到数据；请改为“以关键词开头”');
    if (find.field === undefined) return;
    const field = form.field(find.field);
    if (!field) this.add('trigger', '用来找数据的字段已删除，请换一个');
    else if (field.typeName !== 'autonumber' && !field.def.rules.unique)
      this.add('trigger', `“${field.name}”可以重复，找数据要用不允许重复的字段`);
  }

  private checkDate(trigger: Extract<Trigger, { type: 'dateArrives' }>, form: FormMeta): void {
    const field = form.field(trigger.field);
    if (!field) this.add('trigger', trigger.field ? '监听的日期字段已删除，请换一个' : '请选择按哪个日期字段触发');
    else if (field.storage !== 'date' && field.storage !== 'timestamptz')
      this.add('trigger', `“${field.name}”不是日期字段`);
  }

  private checkGraph(): void {
    if (this.definition.nodes.length === 0) this.add('trigger', '还没有节点，请在触发之后添加一个');
    if (this.nodes.size !== this.definition.nodes.length) this.add('trigger', '节点编号重复');
    const starts = this.definition.edges.filter((edge) => edge.from === 'trigger');
    if (starts.length > 1) this.add('trigger', '触发之后只能连一个节点');
    const seen = new Set<string>();
    for (const edge of this.definition.edges) {
      const from = this.nodes.get(edge.from);
      if (!this.nodes.has(edge.to) || (edge.from !== 'trigger' && !from)) {
        this.add(edge.from, '连线的一端已不存在');
        continue;
      }
      const port = edge.port ?? 'next';
      if (from && !portsOf(from).includes(port)) this.add(edge.from, '连线的出口已不存在');
      if (seen.has(`${edge.from}/${port}`)) this.add(edge.from, '一个出口只能连一个节点');
      seen.add(`${edge.from}/${port}`);
    }
    const reached = this.reachable();
    for (const node of this.definition.nodes) if (!reached.has(node.id)) this.add(node.id, '没有连到流程上');
    this.checkBodies();
    const loop = this.findLoop();
    if (loop) this.add(loop, '流程绕回了前面的节点，请断开这条连线');
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
          if (edge.from !== node.id || edge.port !== port)
            this.add(edge.to, '这个节点在一个分支或循环里面，不能从外面连进来');
        }
      }
    }
  }

  private checkNode(node: FlowNode): void {
    switch (node.type) {
      case 'createRecord': {
        const form = this.forms.get(node.formId);
        if (!form) {
          this.add(node.id, '目标表单已删除，请重新选择');
          return;
        }
        this.checkAssignments(node.id, form, node.assignments);
        for (const field of form.fields) {
          const given = node.assignments.some((item) => form.field(item.field) === field);
          if (field.def.rules.required && !field.def.default && !given)
            this.add(node.id, `“${form.name}”的必填字段“${field.name}”没有赋值`);
        }
        return;
      }
      case 'updateRecord': {
        const form = this.formOf(node.target, node.id);
        if (!form) {
          this.add(node.id, '要修改的数据来自一个不在前面的节点');
          return;
        }
        this.checkAssignments(node.id, form, node.assignments);
        return;
      }
      case 'upsertRecord': {
        const form = this.forms.get(node.formId);
        if (!form) {
          this.add(node.id, '目标表单已删除，请重新选择');
          return;
        }
        this.checkAssignments(node.id, form, node.assignments);
        const key = form.field(node.matchOn);
        if (!key) this.add(node.id, '请选择按哪个字段判断是否已有');
        else if (!node.assignments.some((item) => form.field(item.field) === key))
          this.add(node.id, `“${key.name}”用来判断是否已有，要给它赋值`);
        return;
      }
      case 'aggregate': {
        const form = this.forms.get(node.formId);
        if (!form) {
          this.add(node.id, '统计的表单已删除，请重新选择');
          return;
        }
        for (const item of node.match) {
          if (!form.field(item.field)) this.add(node.id, '统计条件里的字段已删除，请换一个');
          if (item.value) this.checkValue(node.id, item.value);
        }
        if (node.fn !== 'count' && !(node.field && form.field(node.field))) this.add(node.id, '请选择统计哪个字段');
        return;
      }
      case 'assign': {
        const form = this.formOf(node.target, node.id);
        this.checkPeople(node.id, node.people);
        if (!form) this.add(node.id, '要分配的数据来自一个不在前面的节点');
        else if (form.field(node.field)?.typeName !== 'member') this.add(node.id, '请选择把人写进哪个成员字段');
        if (form && node.method === 'territory')
          for (const fault of territoryFaults(node, form, this.org)) this.add(node.id, fault);
        return;
      }
      case 'subflow':
        if (!this.formOf(node.record, node.id)) this.add(node.id, '交给子流程的数据来自一个不在前面的节点');
        for (const item of node.inputs) this.checkValue(node.id, item.value);
        return;
      case 'deleteRecord':
        if (!this.formOf(node.target, node.id)) this.add(node.id, '要删除的数据来自一个不在前面的节点');
        return;
      case 'findRecords': {
        const form = this.forms.get(node.formId);
        if (!form) {
          this.add(node.id, '查找的表单已删除，请重新选择');
          return;
        }
        for (const item of node.match) {
          if (!form.field(item.field)) this.add(node.id, '查找条件里的字段已删除，请换一个');
          if (item.value) this.checkValue(node.id, item.value);
        }
        for (const item of node.sort) if (!form.field(item.field)) this.add(node.id, '排序的字段已删除，请换一个');
        return;
      }
      case 'parallel':
        this.checkCases(
          node.id,
          node.ways.flatMap((way) => way.when ?? []),
        );
        for (const way of node.ways)
          if (!this.definition.edges.some((edge) => edge.from === node.id && edge.port === `way:${way.id}`))
            this.add(node.id, `分支“${way.name || way.id}”里还没有节点`);
        return;
      case 'loop':
        if (this.nodes.get(node.over)?.type !== 'findRecords' || !this.before(node.over, node.id))
          this.add(node.id, '请选择前面的一个“查找数据”节点作为循环的数据');
        if (!nextNode(this.definition, node.id, 'each')) this.add(node.id, '循环里还没有节点');
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
        if (!form) this.add(node.id, '要填写的数据来自一个不在前面的节点');
        if (node.people.length === 0) this.add(node.id, '请选择由谁填写');
        this.checkPeople(node.id, node.people);
        this.checkValue(node.id, node.title);
        for (const fact of node.facts) this.checkRef(node.id, fact.ref);
        const asked = Object.entries(node.fields).filter(([, right]) => right === 'edit' || right === 'required');
        if (asked.length === 0) this.add(node.id, '请选择要填写哪些字段');
        for (const [id] of form ? Object.entries(node.fields) : [])
          if (!form?.field(id)) this.add(node.id, '要填写的字段里有一个已删除');
        for (const [id] of asked) {
          const field = form?.field(id);
          if (field && !field.writable) this.add(node.id, `字段“${field.name}”由系统维护，不能填写`);
        }
        return;
      }
      case 'comment':
        if (!this.formOf(node.target, node.id)) this.add(node.id, '要评论的数据来自一个不在前面的节点');
        this.checkPeople(node.id, node.mention);
        this.checkValue(node.id, node.text);
        return;
      case 'email':
        this.checkPeople(node.id, node.to);
        if (node.to.length === 0 && !node.addresses) this.add(node.id, '请选择邮件发给谁');
        for (const value of [node.subject, node.text, ...(node.addresses ? [node.addresses] : [])])
          this.checkValue(node.id, value);
        if (this.outside && !this.outside.mail)
          this.add(node.id, '还没有设置发信邮箱，请管理员在“企业管理 → 密钥与邮箱”里设置');
        return;
      case 'groupMessage':
        this.checkPeople(node.id, node.mention);
        this.checkValue(node.id, node.title);
        for (const fact of node.facts) this.checkRef(node.id, fact.ref);
        if (node.record && !this.formOf(node.record, node.id)) this.add(node.id, '链接的数据来自一个不在前面的节点');
        if (node.robot === '') this.add(node.id, '请选择发到哪个群');
        else if (this.outside && this.outside.secrets.get(node.robot) !== 'robot')
          this.add(node.id, `群机器人“${node.robot}”已删除，请换一个`);
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
        if (!this.formOf(node.record, node.id)) this.add(node.id, '卡片打开的数据来自一个不在前面的节点');
        for (const fact of node.facts) this.checkRef(node.id, fact.ref);
        return;
      case 'approval':
        if (!this.formOf('trigger', node.id)) this.add(node.id, '审批需要一条数据，这种触发方式没有数据');
        this.checkPeople(node.id, node.approvers);
        this.checkThreshold(node);
        this.checkPolicies(node);
        this.checkValue(node.id, node.title);
        for (const fact of node.facts) this.checkRef(node.id, fact.ref);
        return;
      case 'cc':
        this.checkPeople(node.id, node.to);
        if (node.to.some((person) => person.kind === 'choice')) this.add(node.id, '抄送不能由发起人自选');
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
        else if (!form) this.add(node, '这个流程没有触发数据，不能按它分支');
      }
      if (form) this.checkFilter(node, filter, form);
    }
  }

  /** People named one by one can be counted before anybody is asked. */
  private checkThreshold(node: Extract<FlowNode, { type: 'approval' }>): void {
    if (node.mode !== 'ratio') return;
    if (!node.atLeast) {
      this.add(node.id, '按比例审批要写明至少多少人同意');
      return;
    }
    const named = new Set(node.approvers.flatMap((person) => (person.kind === 'member' ? person.ids : [])));
    const countable = node.approvers.every((person) => person.kind === 'member');
    if (countable && node.atLeast.unit === 'count' && node.atLeast.value > named.size)
      this.add(node.id, `只有 ${named.size} 位审批人，不能要求 ${node.atLeast.value} 人同意`);
  }

  /** What an approval says beside who and how many: whom instead of nobody, fields, timers, opinions. */
  private checkPolicies(node: Extract<FlowNode, { type: 'approval' }>): void {
    const form = this.forms.get(this.definition.trigger.formId);
    if (node.whenEmpty === 'named' && !node.emptyTo?.length) this.add(node.id, '请指定找不到审批人时由谁审批');
    if (node.collectAll && node.mode === 'any' && node.refuse !== 'afterAll')
      this.add(node.id, '第一个人就决定的或签，不能再收集其他人的意见');
    for (const [id, right] of Object.entries(node.fields ?? {})) {
      const field = form?.field(id);
      if (!field) this.add(node.id, '字段权限里有一个字段已删除');
      else if ((right === 'edit' || right === 'required') && !field.writable)
        this.add(node.id, `字段“${field.name}”由系统维护，审批人不能填写`);
    }
    for (const timer of node.timers ?? []) {
      if (timer.at.kind === 'field') this.checkRef(node.id, timer.at.ref);
      if (timer.times > 1 && !timer.every) this.add(node.id, '重复的时限要写明每隔多久');
    }
    const hours = this.definition.approval?.hours;
    if (hours && hours.from >= hours.to) this.add('trigger', '下班时间要晚于上班时间');
  }

  /** Names that are told apart, and values that can be worked out. */
  private checkVariables(node: Extract<FlowNode, { type: 'setVariables' | 'transform' }>): void {
    const keys = node.items.map((item) => item.key);
    const names = node.items.map((item) => item.name);
    if (new Set(keys).size < keys.length) this.add(node.id, '有两个变量的标识相同');
    if (names.includes('')) this.add(node.id, '有一个变量还没有名称');
    const fields = this.formOf('trigger', node.id)?.fields ?? [];
    for (const name of names)
      if (fields.some((field) => field.name === name)) this.add(node.id, `变量“${name}”和字段重名，请换个名称`);
    if (new Set(names).size < names.length) this.add(node.id, '有两个变量的名称相同');
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
      if (value.formula.trim() === '') this.add(node.id, `变量“${name}”还没有公式`);
      else {
        const fault = formulaFault(compileInFlow(value.formula, this.forms, this.definition, before));
        if (fault) this.add(node.id, `变量“${name}”的公式有误：${fault}`);
      }
    }
  }
}
