import { recordFormOf } from '@lianke/shared/flows/answers';
import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { ValueExpr, ValueRef } from '@lianke/shared/flows/values';
import { refsIn } from '../flows/refs-in.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';

/** What of a card is told of fields that meet a condition. */
export interface PartsTold {
  title: boolean;
  /** Labels of such facts. */
  labels: ReadonlySet<string>;
}

/** What of a card comes from fields that are stored encrypted. */
export type SealedTold = PartsTold;

type Condition = (form: FormMeta, field: FieldMeta) => boolean;

/** Variables are made of variables; nobody chains more of them. */
const deepest = 10;

/** Which parts of what a node tells are values of fields that are stored encrypted now, however they came there. */
export function sealedTold(definition: FlowDefinition, nodeId: string, forms: TenantForms): SealedTold {
  return partsTold(definition, nodeId, forms, (_, field) => field.def.encrypted === true);
}

/**
 * Which parts of what a node tells are values of fields that meet a condition. Of what does not stand in the flow itself,
 * as what a starter is asked, any node may have told it.
 */
export function partsTold(definition: FlowDefinition, nodeId: string, forms: TenantForms, meets: Condition): PartsTold {
  const here = definition.nodes.filter((item) => item.id === nodeId);
  const telling = (here.length > 0 ? here : definition.nodes).filter(tells);
  const named = new Named(definition, forms, meets);
  return {
    title: telling.some((node) => named.inExpr(node.title)),
    labels: new Set(
      telling.flatMap((node) => node.facts.filter((fact) => named.inRef(fact.ref)).map((fact) => fact.label)),
    ),
  };
}

function tells(node: FlowNode): node is Extract<FlowNode, { title: unknown; facts: unknown }> {
  return 'title' in node && 'facts' in node;
}

class Named {
  constructor(
    private readonly definition: FlowDefinition,
    private readonly forms: TenantForms,
    private readonly meets: Condition,
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

  /** A record that stands at the end of a path is told by its title. */
  private onPath(start: FormMeta, path: readonly string[]): boolean {
    let form: FormMeta | undefined = start;
    for (const part of path) {
      if (part === 'id' || !form) break;
      const field: FieldMeta | undefined = form.field(part);
      if (!field) return false;
      if (this.meets(form, field)) return true;
      form = field.type.refers === 'record' ? this.forms.get(String(field.def.config.formId)) : undefined;
    }
    return form?.title !== undefined && this.meets(form, form.title);
  }

  /** What a node answers may be made of anything it uses: values, and fields that its formulas name. */
  private inNode(node: FlowNode, depth: number): boolean {
    if (node.type === 'approval' || node.type === 'fill') return false;
    if (refsIn(node).some((ref) => ref.source !== node.id && this.inRef(ref, depth))) return true;
    const form = this.forms.get(this.definition.trigger.formId);
    const met = form?.fields.filter((field) => this.meets(form, field)) ?? [];
    const text = JSON.stringify(node);
    return met.some(({ name, key }) => text.includes(`{${name}}`) || text.includes(`{${key}}`));
  }
}
