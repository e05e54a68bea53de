import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import { answerAt, answersOf, refOfAnswerKey } from '@lianke/shared/flows/answers';
import { type FlowDefinition, type FlowFault, type FlowNode } from '@lianke/shared/flows/definition';
import type { SecretText } from '@lianke/shared/flows/nodes/outside';
import type { SecretKind } from '@lianke/shared/flows/outside-api';
import { bringsRecord, inputsOf } from '@lianke/shared/flows/triggers';
import type { PersonExpr, ValueExpr, ValueRef } from '@lianke/shared/flows/values';
import { compile } from '@lianke/shared/formulas/compile';
import type { FormId } from '@lianke/shared/ids';
import { worldOf } from '../derived/world.js';
import type { FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { Org } from '../org/org-directory.js';

/** What flows may use of the company's secrets, robots and mail account; nothing about these is checked without it. */
export interface OutsideGround {
  secrets: ReadonlyMap<string, SecretKind>;
  mail: boolean;
}

/** What checks of every kind ask about a definition: its graph, what values refer to, who people are. */
export abstract class References {
  protected readonly faults: FlowFault[] = [];
  protected readonly nodes: Map<string, FlowNode>;

  constructor(
    protected readonly definition: FlowDefinition,
    protected readonly forms: TenantForms,
    protected readonly org: Org,
    protected readonly zone: string,
    protected readonly outside: OutsideGround | undefined,
  ) {
    this.nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  }

  protected add(node: string, message: string): void {
    this.faults.push({ node, message });
  }

  /** Triggers and branches are decided from one record's own values, so paths into others are not offered. */
  protected checkFilter(node: string, filter: Filter, form: FormMeta): void {
    for (const ref of fieldsOf(filter)) {
      if (refOfAnswerKey(ref)) {
        if (node === 'trigger') this.add(node, '触发条件只能用表单的字段');
      } else if (ref.includes('.')) this.add(node, '条件只能用这张表单自己的字段');
      else if (!form.field(ref)) this.add(node, '条件里的字段已删除，请换一个');
    }
  }

  protected reachable(from = 'trigger'): Set<string> {
    const reached = new Set<string>();
    const queue = [from];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const edge of this.definition.edges) {
        if (edge.from !== at || reached.has(edge.to)) continue;
        reached.add(edge.to);
        queue.push(edge.to);
      }
    }
    return reached;
  }

  protected findLoop(): string | undefined {
    const done = new Set<string>();
    const open = new Set<string>();
    const visit = (id: string): string | undefined => {
      if (open.has(id)) return id;
      if (done.has(id)) return undefined;
      open.add(id);
      for (const edge of this.definition.edges) {
        const loop = edge.from === id ? visit(edge.to) : undefined;
        if (loop) return loop;
      }
      open.delete(id);
      done.add(id);
      return undefined;
    };
    return visit('trigger');
  }

  /** A value that a node before answers; places inside another system's JSON are known only when it has answered. */
  protected checkAnswer(node: string, ref: ValueRef): void {
    const from = this.nodes.get(ref.source);
    const known = answerAt(this.definition, ref.source, ref.path.split('.')[0] ?? '') !== undefined;
    if (!known || (ref.source !== 'input' && !(from && this.before(ref.source, node))))
      this.add(node, '引用的变量已删除，或来自一个不在前面的节点');
  }

  protected checkRef(node: string, ref: ValueRef): void {
    const answers = answersOf(this.nodes.get(ref.source)).length > 0;
    const own = answerAt(this.definition, ref.source, ref.path.split('.')[0] ?? '') !== undefined;
    if (answers && (own || !this.formOf(ref.source, node))) {
      this.checkAnswer(node, ref);
      return;
    }
    if (ref.source === 'input') {
      const known = inputsOf(this.definition.trigger).some((input) => input.key === ref.path);
      const raw = this.definition.trigger.type === 'webhook' && /^body(\.|$)/.test(ref.path);
      if (!known && !raw) this.add(node, '引用的输入项已删除');
      return;
    }
    let form = this.formOf(ref.source, node);
    if (!form) {
      this.add(node, '引用的数据来自一个不在前面的节点');
      return;
    }
    const parts = ref.path.split('.');
    for (const [index, part] of parts.entries()) {
      if (part === 'id' && index === parts.length - 1) return;
      const field: FormMeta['fields'][number] | undefined = form.field(part);
      if (!field) {
        this.add(node, `引用的字段在“${form.name}”里已删除`);
        return;
      }
      if (index === parts.length - 1) return;
      const next: FormMeta | undefined =
        field.typeName === 'relation' ? this.forms.get((field.config as { formId: FormId }).formId) : undefined;
      if (!next) {
        this.add(node, `字段“${field.name}”不是关联数据`);
        return;
      }
      form = next;
    }
  }

  protected checkValue(node: string, value: ValueExpr): void {
    if (value.kind === 'ref') this.checkRef(node, value.ref);
    if (value.kind === 'text') for (const part of value.parts) if ('ref' in part) this.checkRef(node, part.ref);
  }

  protected checkSecretText(node: string, value: SecretText): void {
    if (value.kind !== 'text') {
      this.checkValue(node, value);
      return;
    }
    for (const part of value.parts) {
      if ('ref' in part) this.checkRef(node, part.ref);
      if ('secret' in part && this.outside && this.outside.secrets.get(part.secret) !== 'secret')
        this.add(node, `密钥“${part.secret}”已删除，请换一个`);
    }
  }

  protected checkAssignments(
    node: string,
    form: FormMeta,
    assignments: readonly { field: string; value: ValueExpr }[],
  ): void {
    const seen = new Set<string>();
    for (const item of assignments) {
      const field = form.field(item.field);
      if (!field) this.add(node, `“${form.name}”里有一个赋值的字段已删除`);
      else if (!field.writable) this.add(node, `字段“${field.name}”由系统维护，不能赋值`);
      else if (seen.has(field.id)) this.add(node, `字段“${field.name}”赋值了两次`);
      if (field) seen.add(field.id);
      this.checkValue(node, item.value);
    }
  }

  protected checkPeople(node: string, people: readonly PersonExpr[]): void {
    for (const person of people) {
      if (person.kind === 'member' && person.ids.some((id) => this.org.members.get(id as never)?.state !== 'active'))
        this.add(node, '选择的成员里有人已离职，请换一位');
      if (person.kind === 'role' && !this.org.roles.has(person.roleId as never)) this.add(node, '选择的角色已删除');
      if (person.kind === 'field') this.checkRef(node, person.ref);
      if ('of' in person && person.of.kind === 'field') this.checkRef(node, person.of.ref);
      if (person.kind === 'formula') {
        const compiled = compile(person.formula, worldOf(this.forms.list), this.definition.trigger.formId);
        if (!compiled.ok) this.add(node, '审批人的公式有误');
      }
    }
  }

  /** Form of the record a source stands for; undefined unless the source lies before the node. */
  protected formOf(source: string, node: string): FormMeta | undefined {
    if (source === 'trigger')
      return bringsRecord(this.definition.trigger) ? this.forms.get(this.definition.trigger.formId) : undefined;
    const from = this.nodes.get(source);
    if (!from || !this.before(source, node)) return undefined;
    switch (from.type) {
      case 'createRecord':
      case 'upsertRecord':
      case 'findRecords':
        return this.forms.get(from.formId);
      case 'assign':
      case 'fill':
        return this.formOf(from.target, from.id);
      case 'updateRecord':
        return this.formOf(from.target, from.id);
      case 'loop':
        return this.formOf(from.over, from.id);
      default:
        return undefined;
    }
  }

  protected before(earlier: string, later: string): boolean {
    const seen = new Set<string>();
    const queue = [earlier];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const edge of this.definition.edges) {
        if (edge.from !== at || seen.has(edge.to)) continue;
        if (edge.to === later) return true;
        seen.add(edge.to);
        queue.push(edge.to);
      }
    }
    return false;
  }
}
