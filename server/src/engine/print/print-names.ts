import type { FormId } from '@lianke/shared/ids';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import { ownFields } from '../forms/subform-meta.js';

/** Parts of an approval's record that templates may name. */
export const approvalParts = ['步骤', '审批人', '结果', '时间', '意见', '签名'] as const;
export type ApprovalPart = (typeof approvalParts)[number];
/** What templates may name besides fields. */
export const extras = [
  '二维码',
  '数据链接',
  '打印人',
  '打印时间',
  '打印日期',
  '企业名称',
  '表单名称',
  '数据标题',
] as const;
export type Extra = (typeof extras)[number];

export type Meaning =
  | { kind: 'field'; field: FieldMeta }
  /** A field of the one record that a relation names. */
  | { kind: 'related'; relation: FieldMeta; form: FormMeta; field: FieldMeta }
  | { kind: 'row'; list: ListMeaning; field: FieldMeta }
  | { kind: 'approval'; part: ApprovalPart }
  | { kind: 'extra'; name: Extra };

/** Rows that a record has: those of a subform, of a relation to many, or of another form that refers to it. */
export type ListMeaning =
  | { kind: 'subform'; name: string; field: FieldMeta; form: FormMeta }
  | { kind: 'relations'; name: string; field: FieldMeta; form: FormMeta }
  | { kind: 'reverse'; name: string; field: FieldMeta; form: FormMeta };

/** What the words of a template mean on a form; fields by their name or key. */
export class PrintNames {
  private readonly lists: readonly ListMeaning[];

  constructor(
    private readonly form: FormMeta,
    private readonly forms: TenantForms,
  ) {
    this.lists = [...this.ownLists(), ...this.reverseLists()];
  }

  resolve(ref: string): Meaning | undefined {
    const own = fieldOf(this.form, ref);
    if (own) return { kind: 'field', field: own };
    if ((extras as readonly string[]).includes(ref)) return { kind: 'extra', name: ref as Extra };
    const cut = ref.indexOf('.');
    if (cut < 1) return undefined;
    const [first, rest] = [ref.slice(0, cut), ref.slice(cut + 1)];
    if (first === '审批')
      return (approvalParts as readonly string[]).includes(rest)
        ? { kind: 'approval', part: rest as ApprovalPart }
        : undefined;
    const list = this.lists.find((item) => item.name === first || item.field.key === first);
    const inner = list && fieldOf(list.form, rest);
    if (list && inner) return { kind: 'row', list, field: inner };
    const relation = fieldOf(this.form, first);
    const target = relation?.typeName === 'relation' ? this.target(relation) : undefined;
    const field = target && fieldOf(target, rest);
    return relation && target && field ? { kind: 'related', relation, form: target, field } : undefined;
  }

  /** The form that a relation refers to. */
  target(field: FieldMeta): FormMeta | undefined {
    return this.forms.get((field.config as { formId: FormId }).formId);
  }

  private ownLists(): ListMeaning[] {
    return this.form.fields.flatMap((field): ListMeaning[] => {
      if (field.part) return [{ kind: 'subform', name: field.name, field, form: field.part }];
      const form = field.typeName === 'relations' ? this.target(field) : undefined;
      return form ? [{ kind: 'relations', name: field.name, field, form }] : [];
    });
  }

  private reverseLists(): ListMeaning[] {
    return this.forms
      .pointingAt(this.form.id)
      .filter(({ form, field }) => !form.owner && form.id !== this.form.id && field.typeName === 'relation')
      .map(({ form, field }) => ({ kind: 'reverse', name: form.name, field, form }));
  }
}

function fieldOf(form: FormMeta, ref: string): FieldMeta | undefined {
  const fields = form.owner ? ownFields(form) : form.fields;
  return fields.find((field) => field.name === ref) ?? fields.find((field) => field.key === ref);
}
