import { dealFields, openDeals } from '@lianke/shared/apps/open-deals';
import type { FormId } from '@lianke/shared/ids';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { api } from '../../api/client.js';
import { type FormView, keys, useApps, useForms } from '../../api/queries.js';
import { optionsOf } from '../../fields/options.js';
import { FieldValue } from '../../shared/field-value.js';
import styles from './detail.module.css';
import { StageBar } from './stage-bar.js';

/** How far a customer has come: the newest open deal (商机) with its stage and amount; nothing without one. */
export function DealBar({ form, recordId }: { form: FormView; recordId: string }) {
  const apps = useApps().data;
  const forms = useForms().data;
  const catalog = apps && forms ? { apps, forms } : undefined;
  const found = dealFields(catalog);
  const fields = found?.customer.config.formId === form.id ? found : undefined;
  const deal = useQuery({
    queryKey: keys.data(fields?.form.id ?? '', 'deal', recordId),
    enabled: fields !== undefined,
    queryFn: async () => {
      if (!fields) return null;
      const page = await api('records.query', {
        params: { formId: fields.form.id as FormId },
        body: {
          filter: openDeals(fields, [recordId], optionsOf(fields.stage)),
          sort: [{ field: 'createdAt', dir: 'desc' }],
          limit: 1,
          total: false,
        },
      });
      return page.items[0] ?? null;
    },
  }).data;
  if (!fields || !deal) return null;
  const stage = deal.values[fields.stage.key];
  return (
    <>
      <div className={styles.facts}>
        <span className={styles.fact}>
          <span className="muted">{fields.form.name}</span>
          <Link className="ellipsis" to={`/apps/${fields.form.appId}/forms/${fields.form.id}/records/${deal.id}`}>
            {deal.label || fields.form.name}
          </Link>
        </span>
        {fields.amount ? (
          <span className={styles.fact}>
            <span className="muted">{fields.amount.name}</span>
            <span className="ellipsis">
              <FieldValue field={fields.amount} value={deal.values[fields.amount.key]} />
            </span>
          </span>
        ) : null}
      </div>
      <StageBar
        field={fields.stage}
        value={typeof stage === 'string' ? stage : null}
        mayChange={false}
        onChange={() => undefined}
      />
    </>
  );
}
