import type { Filter } from '@lianke/shared/filter/ast';
import { nounOf } from '@lianke/shared/forms/noun';
import type { FormId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { useDidShow } from '@tarojs/taro';
import { api } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Empty, Failed } from '../../components/empty.js';
import { RecordRowView } from '../../components/record-row.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { useFormat } from '../../data/context.js';
import { may, type Pointer } from '../../data/forms.js';
import type { RecordRow, Ref } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { useGrowing } from '../../data/task-pages.js';
import { totalText } from '../../data/use-pages.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';

export interface RelatedRecords {
  pointer: Pointer;
  records: RecordRow[];
  total: string;
  /** Where the next ones begin; null when these are all. */
  cursor: string | null;
  loading: boolean;
  error: unknown;
  reload(): void;
}

const shownAtOnce = 50;

const of = (pointer: Pointer, recordId: string): Filter => ({ field: pointer.field.key, op: 'eq', value: recordId });

async function readRelated(pointer: Pointer, recordId: string, cursor?: string) {
  const page = await api('records.query', {
    params: { formId: pointer.form.id as FormId },
    body: {
      filter: of(pointer, recordId),
      sort: [{ field: 'createdAt', dir: 'desc' }],
      limit: shownAtOnce,
      cursor,
      total: cursor === undefined,
    },
  });
  return { records: page.items, total: totalText(page.total), cursor: page.cursor };
}

/** Related records older than those that {@link useRelated} knows, page by page; nothing is read before `wanted`. */
export function useOlder(related: RelatedRecords | undefined, recordId: string, wanted: boolean) {
  const from = wanted ? related?.cursor : null;
  return useGrowing(related && from ? `data:related:${recordId}:older:${from}` : null, async (cursor) => {
    if (!related || !from) return { items: [], cursor: null };
    const page = await readRelated(related.pointer, recordId, cursor ?? from);
    return { items: page.records, cursor: page.cursor };
  });
}

type Found = Awaited<ReturnType<typeof readRelated>>;
type Loaded = Record<string, Found | { error: unknown }>;

/** The records of every form that points at this one. A form that cannot be read shows its reason in its own tab. */
export function useRelated(pointers: readonly Pointer[], recordId: string): RelatedRecords[] {
  const names = pointers.map((pointer) => pointer.form.id).join();
  const loaded = useResource<Loaded>(pointers.length > 0 ? `data:related:${recordId}:${names}` : null, async () => {
    const found = await Promise.all(
      pointers.map(async (pointer) => {
        try {
          return [pointer.form.id, await readRelated(pointer, recordId)] as const;
        } catch (error) {
          return [pointer.form.id, { error }] as const;
        }
      }),
    );
    return Object.fromEntries(found);
  });
  useDidShow(() => void loaded.reload());
  return pointers.map((pointer) => {
    const entry = loaded.data?.[pointer.form.id];
    const found = entry && 'records' in entry ? entry : { records: [], total: '', cursor: null };
    return {
      pointer,
      ...found,
      loading: !entry,
      error: entry && 'error' in entry ? entry.error : null,
      reload: () => void loaded.reload(),
    };
  });
}

/** One related list with 新建, which starts with the relation filled in. */
export function Related({ related, parent }: { related: RelatedRecords; parent: Ref }) {
  const t = useT();
  const format = useFormat();
  const { pointer, records, loading, error } = related;
  const preset = JSON.stringify({ [pointer.field.key]: parent });
  const add = () => open('/pages/form/index', { formId: pointer.form.id, preset });
  const all = () =>
    open('/pages/list/index', {
      formId: pointer.form.id,
      filter: JSON.stringify(of(pointer, parent.id)),
      title: t('record.relatedOf', { form: pointer.form.name, of: parent.label }),
    });
  const addable = may(pointer.form, 'create') && pointer.field.writable;
  return (
    <View>
      {records.map((record) => (
        <RecordRowView key={record.id} form={pointer.form} record={record} format={format} />
      ))}
      {loading ? <SkeletonRows count={3} /> : null}
      {error ? <Failed error={error} onRetry={related.reload} /> : null}
      {!loading && !error && records.length === 0 ? (
        <Empty
          text={t('record.noRelated', { form: nounOf(pointer.form.name) })}
          action={addable ? t('common.new') : undefined}
          onAction={add}
        />
      ) : null}
      {related.cursor ? (
        <View className="record-add">
          <Button onClick={all}>{t('record.allRelated', { n: related.total })}</Button>
        </View>
      ) : null}
      {records.length > 0 && addable ? (
        <View className="record-add">
          <Button onClick={add}>{t('record.addRelated', { form: nounOf(pointer.form.name) })}</Button>
        </View>
      ) : null}
    </View>
  );
}
