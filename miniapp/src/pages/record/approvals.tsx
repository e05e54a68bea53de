import type { FormId, RecordId } from '@lianke/shared/ids';
import type { RecordApproval } from '@lianke/shared/tasks/api';
import { View } from '@tarojs/components';
import { api } from '../../api/client.js';
import { Named } from '../../components/named.js';
import { Tag } from '../../components/tag.js';
import { useFormat } from '../../data/context.js';
import type { FormView, RecordRow } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { ago } from '../../data/time.js';
import { open } from '../../platform/navigate.js';

const colours = {
  open: 'magenta',
  approved: 'green',
  rejected: 'red',
  withdrawn: 'gray',
  failed: 'red',
  ended: 'gray',
} as const;

/** A line an approval that matters now: those under way, else the last one; a tap opens its page. */
export function RecordApprovals({ form, record }: { form: FormView; record: RecordRow }) {
  const { t, zone, now } = useFormat();
  const found = useResource(
    `data:${form.id}:record:${record.id}:approvals`,
    async () =>
      (await api('records.approvals', { params: { formId: form.id as FormId, id: record.id as RecordId } }))
        .items as RecordApproval[],
  );
  const items = found.data ?? [];
  const waiting = items.filter((item) => item.state === 'open');
  const shown = waiting.length > 0 ? waiting : items.slice(0, 1);
  return (
    <>
      {shown.map((item) => (
        <View
          key={item.runId}
          className="record-approval"
          hoverClass="is-pressed"
          onClick={() => open('/pages/task/index', { id: item.taskId })}
        >
          <Tag label={t(`record.approval.${item.state}`)} color={colours[item.state]} />
          <View className="record-approval__what ellipsis">
            <Named
              text={
                item.waiting.length > 0
                  ? t('record.approvalWaits', {
                      who: item.waiting.map((who) => who.label).join(t('common.comma')),
                      when: ago(t, zone, Date.parse(item.waiting[0]?.since ?? item.startedAt), now),
                    })
                  : item.flowName
              }
            />
          </View>
          {item.changedAfter ? <Tag label={t('record.changedAfter')} color="red" /> : null}
          {item.locked ? <Tag label={t('record.locked')} /> : null}
        </View>
      ))}
    </>
  );
}
