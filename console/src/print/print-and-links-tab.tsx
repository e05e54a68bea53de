import type { FormView } from '../api/queries.js';
import { PublicLinksTab } from '../public-forms/links-tab.js';
import { PrintTemplates } from './templates-section.js';

/** 打印与外链: how a form's records leave the system on paper, and how they come in from outside. */
export function PrintAndLinksTab({ form }: { form: FormView }) {
  return (
    <>
      <div style={{ padding: '24px 24px 0', maxWidth: 860, margin: '0 auto' }}>
        <PrintTemplates form={form} />
      </div>
      <PublicLinksTab form={form} />
    </>
  );
}
