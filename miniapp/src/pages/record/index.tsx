import type { FormId, RecordId } from '@lianke/shared/ids';
import { actionsWith } from '@lianke/shared/records/row-actions';
import { View } from '@tarojs/components';
import { useDidShow, useRouter } from '@tarojs/taro';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.js';
import { Chips } from '../../components/chips.js';
import { Failed } from '../../components/empty.js';
import { NoForm } from '../../components/no-form.js';
import { Screen } from '../../components/screen.js';
import { SkeletonPage } from '../../components/skeleton.js';
import { StaleBanner } from '../../components/stale-banner.js';
import { type Catalog, crmForm, formById, may, type Pointer, pointersTo, useCatalog } from '../../data/forms.js';
import { keptRecord } from '../../data/kept-record.js';
import { useLive } from '../../data/live.js';
import { rememberCustomer } from '../../data/recent-customers.js';
import { type FormView, filesOf, type RecordRow } from '../../data/record-types.js';
import { invalidate, useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { RecordApprovals } from './approvals.js';
import { RecordButtons } from './buttons.js';
import { Facts } from './facts.js';
import { Files } from './files.js';
import { RecordHead } from './head.js';
import { Related, useRelated } from './related.js';
import { ShareRequests } from './share-requests.js';
import { Timeline } from './timeline.js';
import './index.scss';

/** One record of any form, with everything about it. */
export default function RecordPage() {
  const t = useT();
  const { params } = useRouter();
  const catalog = useCatalog();
  const form = formById(catalog.data, params.formId ?? '');
  const id = params.id ?? '';
  const record = useResource(
    form ? `data:${form.id}:record:${id}` : null,
    () => api('records.get', { params: { formId: (form?.id ?? '') as FormId, id: id as RecordId } }),
    keptRecord(form),
  );
  useDidShow(() => void record.reload());
  useLive(() => invalidate(`data:related:${id}`));
  const customers = crmForm(catalog.data, 'customer');
  useEffect(() => {
    if (record.data && form && form.id === customers?.id)
      rememberCustomer({ id: record.data.id, label: record.data.label });
  }, [record.data, form, customers]);
  return (
    <Screen title={form?.name ?? t('record.title')}>
      {form && record.data ? (
        <Body
          catalog={catalog.data}
          form={{ ...form, actions: actionsWith(form.actions, record.data) }}
          record={record.data}
          error={record.error}
          at={record.at}
          onChanged={() => void record.reload()}
        />
      ) : null}
      {form && !record.data && record.loading ? <SkeletonPage /> : null}
      {!record.data && !record.loading && record.error ? (
        <Failed error={record.error} onRetry={() => void record.reload()} />
      ) : null}
      {form ? null : <NoForm catalog={catalog} skeleton={<SkeletonPage />} />}
    </Screen>
  );
}

interface BodyProps {
  catalog: Catalog | undefined;
  form: FormView;
  record: RecordRow;
  error: unknown;
  at: number;
  onChanged(): void;
}

function Body({ catalog, form, record, error, at, onChanged }: BodyProps) {
  const t = useT();
  const [tab, setTab] = useState('timeline');
  const pointers = pointersTo(catalog, form.id).filter((pointer) => may(pointer.form, 'view'));
  const related = useRelated(pointers, record.id);
  const holders = form.fields.filter(({ type }) => type === 'attachment' || type === 'image' || type === 'signature');
  const files = holders.flatMap((field) => filesOf(record.values[field.key]));
  const followUp = crmForm(catalog, 'followUp');
  const visits = related.find((item) => item.pointer.form.id === followUp?.id);
  const count = (label: string, total: string) => (total && total !== '0' ? `${label} ${total}` : label);
  const tabs = [
    { key: 'timeline', label: t('record.timeline') },
    { key: 'facts', label: t('record.facts') },
    ...related.map((item) => ({
      key: item.pointer.form.id as string,
      label: count(tabName(item.pointer), item.total),
    })),
    ...(holders.length > 0 ? [{ key: 'files', label: count(t('record.files'), String(files.length)) }] : []),
  ];
  const shown = related.find((item) => item.pointer.form.id === tab);
  return (
    <View>
      <StaleBanner error={error} at={at} />
      <RecordHead catalog={catalog} form={form} record={record} followUps={visits?.pointer} onChanged={onChanged} />
      <ShareRequests form={form} recordId={record.id} />
      <RecordButtons form={form} record={record} onChanged={onChanged} />
      <RecordApprovals form={form} record={record} />
      <View className="record-tabs">
        <Chips line items={tabs} on={[tab]} onTap={setTab} />
      </View>
      {tab === 'timeline' ? <Timeline form={form} record={record} followUps={visits} /> : null}
      {tab === 'facts' ? <Facts key={record.version} form={form} record={record} /> : null}
      {tab === 'files' ? <Files files={files} /> : null}
      {shown ? <Related related={shown} parent={{ id: record.id, label: record.label }} /> : null}
    </View>
  );
}

/** The relation's own word for the list on the other side, else the form's name. */
function tabName({ form, field }: Pointer): string {
  const label = field.config.reverseLabel;
  return typeof label === 'string' && label ? label : form.name;
}
