import type { ColumnTarget, SheetPlan } from '@lianke/shared/imports/api';
import type { FormView } from '../../api/queries.js';
import { withLineFields } from '../model/line-fields.js';

/** A column's target in words: 「客户信息表 · 客户名称」, without the form when the sheet feeds only one. */
export function useTargetName(sheet: SheetPlan, forms: readonly FormView[]): (to: ColumnTarget) => string {
  return (to) => {
    const target = sheet.targets.find((item) => item.key === to.target);
    if (!target || to.field === null) return '';
    const form = forms.find((item) => item.id === target.formId);
    const proposed = target.newFields.find((item) => item.key === to.field && item.within !== undefined);
    const subform = form?.fields.find((item) => item.key === proposed?.within);
    const field =
      (proposed && { name: `${subform?.name ?? ''}.${proposed.name}` }) ??
      withLineFields(target.newFields as never).find((item) => item.key === to.field) ??
      withLineFields(form?.fields ?? []).find((item) => item.key === to.field);
    // Until the forms are there, the column's own header stands for the field.
    const name = field?.name ?? sheet.columns.find((column) => column.to === to)?.header ?? '';
    return sheet.targets.length > 1 ? `${target.formName} · ${name}` : name;
  };
}
