import type { Filter } from '@lianke/shared/filter/ast';
import { decidedValues, presetOf } from '@lianke/shared/forms/decided-values';
import { nounOf } from '@lianke/shared/forms/noun';
import type { FormId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../api/client.js';
import { Button } from '../components/button.js';
import { Failed } from '../components/empty.js';
import { SearchBox } from '../components/search-box.js';
import { Sheet } from '../components/sheet.js';
import { SkeletonRows } from '../components/skeleton.js';
import { awaitCreated } from '../data/created-elsewhere.js';
import { formById, may, useCatalog } from '../data/forms.js';
import { namesFor } from '../data/names.js';
import type { Ref } from '../data/record-types.js';
import { useResource } from '../data/resource.js';
import { useT } from '../i18n/index.js';
import { open } from '../platform/navigate.js';
import { useSession } from '../session/session.js';
import { showNotice } from '../store/notice.js';

interface Props {
  title: string;
  formId: string;
  /** What records must meet to be offered. */
  filter?: Filter | undefined;
  /** A new record can be made from here, by whoever may. */
  creates?: boolean;
  onPick(record: Ref): void;
  onClose(): void;
}

/** Picks a record of a form by searching it. */
export function RecordSheet({ title, formId, filter, creates = true, onPick, onClose }: Props) {
  const t = useT();
  const [search, setSearch] = useState('');
  const page = useResource(`data:${formId}:pick:${search}:${JSON.stringify(filter ?? null)}`, () =>
    api('records.query', {
      params: { formId: formId as FormId },
      body: { search: search || undefined, filter, limit: 50, total: false, fields: [] },
    }),
  );
  const items = page.data?.items ?? [];
  const form = formById(useCatalog().data, formId);
  const { me } = useSession();
  const create = async () => {
    const decided = decidedValues(filter, form?.fields ?? []);
    const preset = await presetOf(decided, namesFor(me));
    open('/pages/form/index', {
      ...{ formId, title: search || undefined, pick: awaitCreated((made) => onPick(made)) },
      preset: Object.keys(preset).length > 0 ? JSON.stringify(preset) : undefined,
    });
    if (!decided.whole) showNotice(t('field.createNarrowed'));
  };
  return (
    <Sheet
      title={title}
      onClose={onClose}
      top={
        <View className="sheet-search">
          <SearchBox value={search} placeholder={t('customers.search')} onSearch={setSearch} />
        </View>
      }
      foot={
        form && creates && may(form, 'create') ? (
          <Button onClick={() => void create()}>
            {search
              ? t('list.createNamed', { form: nounOf(form.name), text: search })
              : t('form.newTitle', { form: nounOf(form.name) })}
          </Button>
        ) : undefined
      }
    >
      {page.loading && items.length === 0 ? <SkeletonRows count={5} /> : null}
      {page.error && items.length === 0 ? <Failed error={page.error} onRetry={page.reload} /> : null}
      {items.map((record) => (
        <View
          key={record.id}
          className="option"
          hoverClass="is-pressed"
          onClick={() => onPick({ id: record.id, label: record.label })}
        >
          <View className="option__main">{record.label}</View>
        </View>
      ))}
      {page.data && items.length === 0 ? (
        <View className="empty">{search ? t('list.noMatch', { text: search }) : t('list.none')}</View>
      ) : null}
    </Sheet>
  );
}
