import type { MaskRule, RolePermissions } from '@lianke/shared/org/api';
import { refusal } from '../../kernel/errors/app-error.js';
import type { FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import { decidable } from './row-rights.js';

/** Refuses masks that could not be decided: they would hide more than whoever writes them means. */
export function checkMasks(forms: TenantForms, permissions: RolePermissions): void {
  for (const [formId, grant] of Object.entries(permissions.forms)) {
    const form = forms.get(formId);
    if (!form) continue;
    for (const masks of [grant.masks, grant.deny?.masks]) checkForm(form, masks ?? {});
  }
}

function checkForm(form: FormMeta, masks: Readonly<Record<string, Pick<MaskRule, 'when'>>>): void {
  for (const [ref, { when }] of Object.entries(masks)) {
    const field = form.fields.find((item) => item.id === ref || item.key === ref);
    if (!field?.type.mask)
      throw refusal('invalid_request', {
        zh: `表单“${form.name}”的字段“${field?.name ?? ref}”不能按条件脱敏，请选文本、电话、邮箱这类能打星号的字段`,
        en: `field "${field?.name ?? ref}" of form "${form.name}" cannot be masked on a condition; choose one that can have stars, such as a text, phone or email`,
      });
    if (!decidable(form, when))
      throw refusal('invalid_request', {
        zh: `表单“${form.name}”字段“${field.name}”的脱敏条件不成立：用到的字段已删除、改了类型，或值不对，请重新设置条件`,
        en: `the condition under which field "${field.name}" of form "${form.name}" is masked does not hold together: a field in it was deleted or changed its type, or a value does not fit; set the condition anew`,
      });
  }
}
