import { recordFormOf } from '@lianke/shared/flows/answers';
import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import { type ValueExpr, type ValueRef, valueRef } from '@lianke/shared/flows/values';
import type { FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';

/** What of a card comes from fields that are stored encrypted. */
export interface SealedTold {
  title: boolean;
  /** Labels of such facts. */
  labels: ReadonlySet<string>;
}

/** Variables are made of variables; nobody chains more of them. */
const deepest = 10;

/** Which parts of what a node tells are values of fields that are stored encrypted now, however they came there. */
export function sealedTold(definition: FlowDefinition, nodeId: string, forms: TenantForms): SealedTold {
  const node = definition.nodes.find((item) => item.id === nodeId);
  if (!node || !('title' in node) || !('facts' in node)) return { title: false, labels: new Set() };
  const secrets = new Secrets(definition, forms);
  return {
    title: secrets.inExpr(node.title),
    labels: new Set(node.facts.filter((fact) => secrets.inRef(fact.ref)).map((fact) => fact.label)),
  };
}

class Secrets {
  constructor(
    private readonly definition: FlowDefinition,
    private readonly forms: TenantForms,
  ) {}

  inExpr(expr: ValueExpr): boolean {
    if (expr.kind === 'ref') return this.inRef(expr.ref);
    return expr.kind === 'text' && expr.parts.some((part) => 'ref' in part && this.inRef(part.ref));
  }

  inRef(ref: ValueRef, depth = 0): boolean {
    const formId = recordFormOf(this.definition, ref.source);
    const form = formId ? this.forms.get(formId) : undefined;
    if (form && this.onPath(form, ref.path.split('.'))) return true;
    const node = this.definition.nodes.find((item) => item.id === ref.source);
    return node !== undefined && depth < deepest && this.inNode(node, depth + 1);
  }

  private onPath(start: FormMeta, path: readonly string[]): boolean {
    let form: FormMeta | undefined = start;
    for (const part of path) {
      const field: FormMeta['fields'][number] | undefined = form?.field(part);
      if (!field) return false;
      if (field.def.encrypted) return true;
      form = field.typeName === 'relation' ? this.forms.get(String(field.def.config.formId)) : undefined;
    }
    return false;
  }

  /** What a node answers may be made of anything it uses: values, and fields that its formulas name. */
  private inNode(node: FlowNode, depth: number): boolean {
    if (node.type === 'approval' || node.type === 'fill') return false;
    if (refsIn(node).some((ref) => ref.source !== node.id && this.inRef(ref, depth))) return true;
    const form = this.forms.get(this.definition.trigger.formId);
    const secret = (form?.fields ?? []).filter((field) => field.def.encrypted);
    const text = JSON.stringify(node);
    return secret.some(({ name, key }) => text.includes(`{${name}}`) || text.includes(`{${key}}`));
  }
}

function refsIn(value: unknown): ValueRef[] {
  if (typeof value !== 'object' || value === null) return [];
  const ref = valueRef.strict().safeParse(value);
  return ref.success ? [ref.data] : Object.values(value).flatMap(refsIn);
}
