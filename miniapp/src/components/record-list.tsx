import { View } from '@tarojs/components';
import { useFormat } from '../data/context.js';
import type { FormView, RecordRow } from '../data/record-types.js';
import type { usePages } from '../data/use-pages.js';
import { useT } from '../i18n/index.js';
import { Empty, Failed } from './empty.js';
import { RecordRowView, type SwipeAction } from './record-row.js';
import { RowWindow } from './row-window.js';
import { SkeletonRows } from './skeleton.js';
import { StaleBanner } from './stale-banner.js';

interface Props {
  form: FormView;
  pages: ReturnType<typeof usePages>;
  empty: string;
  onNew?(): void;
  /** Takes the filter away that leaves nothing. */
  onClear?: (() => void) | undefined;
  /** Said of a record before its own facts. */
  leadOf?(record: RecordRow): string;
  actionsOf?(record: RecordRow): SwipeAction[];
  /** A finger rests on a record. */
  onHold?: ((record: RecordRow) => void) | undefined;
}

/** A list's rows with all its states: on the way, failed, empty, more to come, offline. */
export function RecordList({ form, pages, empty, onNew, onClear, leadOf, actionsOf, onHold }: Props) {
  const t = useT();
  const format = useFormat();
  const { items, state, error, cursor, at } = pages;
  return (
    <View>
      {items.length > 0 ? <StaleBanner error={error} at={at} /> : null}
      <RowWindow
        items={items}
        row={(record) => (
          <RecordRowView
            key={record.id}
            form={form}
            record={record}
            format={format}
            lead={leadOf?.(record)}
            actions={actionsOf?.(record)}
            onHold={onHold && (() => onHold(record))}
          />
        )}
      />
      {state === 'loading' && items.length === 0 ? <SkeletonRows count={8} /> : null}
      {state === 'failed' && items.length === 0 ? <Failed error={error} onRetry={() => void pages.reload()} /> : null}
      {state === 'ready' && items.length === 0 ? (
        <Empty
          text={empty}
          action={onClear ? t('filter.clear') : onNew ? t('common.new') : undefined}
          onAction={onClear ?? onNew}
        />
      ) : null}
      {items.length > 0 && cursor ? <SkeletonRows count={2} /> : null}
      {items.length > 8 && !cursor ? <View className="list-end">{t('list.end')}</View> : null}
    </View>
  );
}
