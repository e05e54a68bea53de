import { Skeleton } from 'antd';
import { Navigate, useParams } from 'react-router-dom';
import { useForm } from '../api/queries.js';
import { PageError } from '../app/page-error.js';

/** `/forms/:formId/records/:id`: finds the form's app and goes to the record's page there. */
export function RecordRedirect() {
  const { formId, id } = useParams();
  const form = useForm(formId);
  if (form.data) return <Navigate to={`/apps/${form.data.appId}/forms/${formId}/records/${id}`} replace />;
  if (form.error) return <PageError error={form.error} retry={() => void form.refetch()} />;
  return <Skeleton active style={{ padding: 24 }} />;
}
