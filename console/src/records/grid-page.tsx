import { Skeleton } from 'antd';
import { useParams } from 'react-router-dom';
import { useForm } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import './i18n.js';
import { RecordGrid } from './record-grid.js';
import { useViews } from './use-grid.js';

/** The list of a form's records. */
export function GridPage() {
  const { formId } = useParams();
  const form = useForm(formId);
  const views = useViews(formId ?? '');
  if (form.error) return <PageError error={form.error} retry={() => void form.refetch()} />;
  if (!form.data || views.isPending) return <Skeleton active style={{ padding: 24 }} paragraph={{ rows: 8 }} />;
  return <RecordGrid key={form.data.id} form={form.data} views={views.data ?? []} />;
}
