import { nounOf } from '@lianke/shared/forms/noun';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { formIn } from '@lianke/shared/records/masked';
import { useRouter } from '@tarojs/taro';
import { useMemo } from 'react';
import { api } from '../../api/client.js';
import { Failed } from '../../components/empty.js';
import { NoForm } from '../../components/no-form.js';
import { Screen } from '../../components/screen.js';
import { SkeletonPage } from '../../components/skeleton.js';
import { handCreated, isAwaited } from '../../data/created-elsewhere.js';
import { formById, titleField, useCatalog } from '../../data/forms.js';
import { waitingById } from '../../data/outbox.js';
import type { Values } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { linkFresh } from '../../data/sidebar.js';
import { useT } from '../../i18n/index.js';
import { decodeParam } from '../../platform/navigate.js';
import { parsed } from '../../platform/transport.js';
import { Fill } from './fill.js';
import './index.scss';

/** Fills any form: a new record, or an existing one with `id`. `preset` (JSON) and `title` start a new one, `waiting` opens
 * one that waits to be sent; `external`
 * is the chat contact it is made from, `pick` the picker it is made for. */
export default function FormPage() {
  const t = useT();
  const { params } = useRouter();
  const catalog = useCatalog();
  const form = formById(catalog.data, params.formId ?? '');
  const id = params.id || undefined;
  const record = useResource(form && id ? `data:${form.id}:edit:${id}` : null, () =>
    api('records.get', { params: { formId: (form?.id ?? '') as FormId, id: (id ?? '') as RecordId } }),
  );
  const waiting = waitingById(params.waiting ?? id ?? '');
  const filled = useMemo(() => form && formIn(form, record.data), [form, record.data]);
  const title = form ? t(id ? 'form.editTitle' : 'form.newTitle', { form: nounOf(form.name) }) : t('form.title');
  const preset = (parsed(decodeParam(params.preset)) ?? {}) as Values;
  const name = form && titleField(form);
  const given = decodeParam(params.title);
  const external = decodeParam(params.external);
  const pick = isAwaited(params.pick) ? params.pick : undefined;
  return (
    <Screen title={title} bar>
      {form && filled && (!id || record.data) ? (
        <Fill
          key={`${form.id}${id ?? ''}`}
          form={filled}
          record={record.data}
          waiting={waiting}
          preset={given && name ? { ...preset, [name.key]: given } : preset}
          onCreated={
            external
              ? (made) => linkFresh(external, made, catalog.data)
              : pick
                ? async (made) => handCreated(pick, made)
                : undefined
          }
        />
      ) : null}
      {form && id && !record.data && record.error && !record.loading ? (
        <Failed error={record.error} onRetry={() => void record.reload()} />
      ) : null}
      {form ? null : <NoForm catalog={catalog} skeleton={<SkeletonPage />} />}
      {form && id && record.loading && !record.data ? <SkeletonPage /> : null}
    </Screen>
  );
}
