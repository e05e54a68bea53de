import { Link } from 'react-router-dom';
import type { FormView } from '../api/queries.js';
import { formatTotal } from '../shared/format.js';
import { useText } from './i18n.js';
import { usePool } from './use-pools.js';

/** The way into the form's pool beside the views of its list; nothing for who may not look into one. */
export function PoolTab({ form, className }: { form: FormView; className: string }) {
  const text = useText();
  const { data: pool } = usePool(form.id);
  if (!pool) return null;
  return (
    <Link className={className} to={`/apps/${form.appId}/forms/${form.id}/pool`}>
      {text('pool')}
      <span className="muted tabular" style={{ marginLeft: 4 }}>
        {formatTotal(pool.waiting)}
      </span>
    </Link>
  );
}
