import { fillMessage } from '@lianke/shared/errors/codes';
import type { Words } from '@lianke/shared/errors/issue-text';
import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import { answerAt, answersOf, refOfAnswerKey } from '@lianke/shared/flows/answers';
import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { SecretText } from '@lianke/shared/flows/nodes/outside';
import type { SecretKind } from '@lianke/shared/flows/outside-api';
import { bringsRecord, inputsOf } from '@lianke/shared/flows/triggers';
import type { PersonExpr, ValueExpr, ValueRef } from '@lianke/shared/flows/values';
import { compile } from '@lianke/shared/formulas/compile';
import type { FormId } from '@lianke/shared/ids';
import { isOpenPlace } from '../apps/package/open-places.js';
import { worldOf } from '../derived/world.js';
import type { FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { Org } from '../org/org-directory.js';
import { faultWords } from './fault-words.js';

/** What keeps a definition from being published, and the node it belongs to. */
export interface FoundFault {
  node: string;
  words: Words;
}

/** What flows may use of the company's secrets, robots and mail account; nothing about these is checked without it. */
export interface OutsideGround {
  secrets: ReadonlyMap<string, SecretKind>;
  mail: boolean;
}

/** What checks of every kind ask about a definition: its graph, what values refer to, who people are. */
export abstract class References {
  protected readonly faults: FoundFault[] = [];
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

  protected add(node: string, { zh, en }: Words, params: Record<string, string | number> = {}): void {
    this.tell(node, { zh: fillMessage(zh, params), en: fillMessage(en, params) });
  }

  /** A fault whose words are complete. */
  protected tell(node: string, words: Words): void {
    this.faults.push({ node, words });
  }

  /** Triggers and branches are decided from one record's own values, so paths into others are not offered. */
  protected checkFilter(node: string, filter: Filter, form: FormMeta): void {
    for (const ref of fieldsOf(filter)) {
      if (refOfAnswerKey(ref)) {
        if (node === 'trigger') this.add(node, faultWords.triggerConditionField);
      } else if (ref.includes('.')) this.add(node, faultWords.conditionField);
      else if (!form.field(ref)) this.add(node, faultWords.conditionGone);
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
      this.add(node, faultWords.answerGone);
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
      if (!known && !raw) this.add(node, faultWords.inputGone);
      return;
    }
    let form = this.formOf(ref.source, node);
    if (!form) {
      this.add(node, faultWords.recordAhead);
      return;
    }
    const parts = ref.path.split('.');
    for (const [index, part] of parts.entries()) {
      if (part === 'id' && index === parts.length - 1) return;
      const field: FormMeta['fields'][number] | undefined = form.field(part);
      if (!field) {
        this.add(node, faultWords.refGone, { form: form.name });
        return;
      }
      if (index === parts.length - 1) return;
      const next: FormMeta | undefined =
        field.typeName === 'relation' ? this.forms.get((field.config as { formId: FormId }).formId) : undefined;
      if (!next) {
        this.add(node, faultWords.notARelation, { field: field.name });
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
        this.add(node, faultWords.secretGone, { secret: part.secret });
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
      if (!field) this.add(node, faultWords.assignedGone, { form: form.name });
      else if (!field.writable) this.add(node, faultWords.assignedKept, { field: field.name });
      else if (seen.has(field.id)) this.add(node, faultWords.assignedTwice, { field: field.name });
      if (field) seen.add(field.id);
      this.checkValue(node, item.value);
    }
  }

  protected checkPeople(node: string, people: readonly PersonExpr[]): void {
    for (const person of people) {
      if (person.kind === 'member' && person.ids.some(isOpenPlace)) this.add(node, faultWords.memberOpen);
      else if (
        person.kind === 'member' &&
        person.ids.some((id) => this.org.members.get(id as never)?.state !== 'active')
      )
        this.add(node, faultWords.memberGone);
      if (person.kind === 'role' && !this.org.roles.has(person.roleId as never)) this.add(node, faultWords.roleGone);
      if (person.kind === 'field') this.checkRef(node, person.ref);
      if ('of' in person && person.of.kind === 'field') this.checkRef(node, person.of.ref);
      if (person.kind === 'formula') {
        const compiled = compile(person.formula, worldOf(this.forms.list), this.definition.trigger.formId);
        if (!compiled.ok) this.add(node, faultWords.approverFormula);
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
