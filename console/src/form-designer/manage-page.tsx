import { useQuery } from '@tanstack/react-query';
import { Skeleton, Tabs } from 'antd';
import { Suspense } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router-dom';
import { api } from '../api/client.js';
import { type FormView, useForm } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { DerivedProgress } from '../records/derived-progress.js';
import { EmptyState } from '../shared/empty-state.js';
import { DesignTab } from './designer/design-tab.js';
import styles from './designer/designer.module.css';
import { DesignerContext, useDesignerState } from './designer/use-designer.js';
import { useText } from './i18n.js';
import { DesignHeader, PlainHeader } from './manage-header.js';
import { type ManageTab, manageTabs } from './manage-tabs.js';
import { type Draft, readDraft } from './model/draft.js';

/** Everything that can be set about a form: its design, its flows, its data and who may see it. */
export function ManagePage() {
  const text = useText();
  const { formId, tab } = useParams();
  const form = useForm(formId);
  if (form.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (!form.data) return <PageError error={form.error} retry={() => void form.refetch()} />;
  if (!form.data.actions.includes('design')) {
    return <EmptyState title={text('noDesignRight')} hint={text('noDesignRightHint')} />;
  }
  const current = manageTabs.find((item) => item.key === tab);
  if (!current) return <Navigate to="../design" relative="path" replace />;
  return <WithDraft key={form.data.id} form={form.data} tab={current} />;
}

interface Props {
  form: FormView;
  tab: ManageTab;
}

/** The designer goes on where the draft on the server stands. */
function WithDraft(props: Props) {
  const draft = useQuery({
    queryKey: ['formDraft', props.form.id],
    queryFn: () => api('forms.draft', { params: { formId: props.form.id } }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (draft.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (!draft.data) return <PageError error={draft.error} retry={() => void draft.refetch()} />;
  return <Manage {...props} draft={readDraft(draft.data.draft)} />;
}

function Manage({ form, tab, draft }: Props & { draft: Draft | undefined }) {
  const text = useText();
  const navigate = useNavigate();
  const designer = useDesignerState(form, draft);
  const { Page } = tab;
  const tabs = (
    <Tabs
      activeKey={tab.key}
      className={styles.tabs ?? ''}
      aria-label={text('manageTabs')}
      onChange={(key) => navigate(`/apps/${form.appId}/forms/${form.id}/manage/${key}`)}
      items={manageTabs.map(({ key, label }) => ({ key, label: text(label) }))}
      tabBarStyle={{ marginBottom: 0 }}
    />
  );
  return (
    <DesignerContext.Provider value={designer}>
      <div className={styles.page}>
        {Page ? <PlainHeader tabs={tabs} /> : <DesignHeader tabs={tabs} />}
        <DerivedProgress form={form} />
        {Page ? (
          <div className={styles.tabPage}>
            <Suspense fallback={<Skeleton active style={{ padding: 24 }} />}>
              <Page form={form} />
            </Suspense>
          </div>
        ) : (
          <DesignTab />
        )}
      </div>
    </DesignerContext.Provider>
  );
}
