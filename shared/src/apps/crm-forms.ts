/** The forms of customer management that pages know by key, with the names that companies give them. */
const crmForms = {
  customer: ['客户信息表', '客户'],
  lead: ['线索'],
  contact: ['联系人'],
  followUp: ['跟进记录'],
  opportunity: ['商机'],
  contract: ['合同'],
  order: ['订单'],
  service: ['服务记录'],
  feedback: ['需求反馈'],
  salesTask: ['销售任务表'],
} as const;
export type CrmForm = keyof typeof crmForms;

/** What the search looks at; any view of apps and forms has it. */
export interface Named {
  apps: readonly { id: string; key: string | null }[];
  forms: readonly { id: string; appId: string; key: string; name: string }[];
}

/**
 * A customer management form: of the app installed from the template by its key, else one that a company built by hand
 * under the same key or name. Undefined when there is none: what needs it is not shown.
 */
export function crmForm<Catalog extends Named>(
  catalog: Catalog | undefined,
  name: CrmForm,
): Catalog['forms'][number] | undefined {
  if (!catalog) return undefined;
  const appIds = catalog.apps.filter((app) => app.key === 'crm').map((app) => app.id);
  const names: readonly string[] = crmForms[name];
  return (
    catalog.forms.find((form) => form.key === name && appIds.includes(form.appId)) ??
    catalog.forms.find((form) => form.key === name) ??
    catalog.forms.find((form) => names.includes(form.name))
  );
}
