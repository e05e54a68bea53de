import type { FlowId, MemberId } from '@lianke/shared/ids';
import type { Reference } from '@lianke/shared/records/query';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, DatePicker, Modal, Select, Skeleton } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys } from '../api/queries.js';
import { Labelled } from '../shared/designer/labelled.js';
import { formatDatetime } from '../shared/format.js';
import { MemberPicker } from '../shared/member-picker.js';
import './words.js';
import { comma, pause } from '../i18n/punctuation.js';

/** 审批代理: who answers for whom while he is away, and ending it. */
export function AwaysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('taskActions');
  const client = useQueryClient();
  const aways = useQuery({ queryKey: keys.tasks('aways'), queryFn: () => api('aways.list', {}) });
  const flows = useQuery({
    queryKey: keys.flows(),
    queryFn: () => api('flows.list', { query: {} }),
    retry: false,
  });
  const [whose, setWhose] = useState<Reference | null>(null);
  const [to, setTo] = useState<Reference | null>(null);
  const [range, setRange] = useState<[Dayjs | null, Dayjs | null] | null>(null);
  const [only, setOnly] = useState<string[]>([]);
  const done = () => client.invalidateQueries({ queryKey: keys.tasks() });
  const save = useMutation({
    mutationFn: () =>
      api('aways.create', {
        body: {
          ...(whose ? { member: whose.id as MemberId } : {}),
          to: (to?.id ?? '') as MemberId,
          from: range?.[0]?.toISOString() ?? '',
          until: range?.[1]?.toISOString() ?? '',
          flowIds: only as FlowId[],
        },
      }),
    onSuccess: () => {
      setTo(null);
      setRange(null);
      void done();
    },
  });
  const end = useMutation({
    mutationFn: (id: string) => api('aways.end', { params: { id: id as never } }),
    onSettled: done,
  });
  return (
    <Modal
      open
      title={t('away.title')}
      okText={t('away.save')}
      okButtonProps={{ disabled: !to || !range?.[0] || !range[1], loading: save.isPending }}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <p className="muted">{t('away.hint')}</p>
      {(save.error ?? end.error) !== null && (
        <Alert type="error" showIcon title={messageOf(save.error ?? end.error)} style={{ marginBottom: 12 }} />
      )}
      <Labelled group label={t('away.to')}>
        <MemberPicker value={to} onChange={setTo} label={t('away.to')} />
      </Labelled>
      <Labelled group label={t('away.range')}>
        <DatePicker.RangePicker
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          style={{ width: '100%' }}
          value={range}
          aria-label={t('away.range')}
          placeholder={[t('away.pickStart'), t('away.pickEnd')]}
          onChange={(value) => setRange(value)}
        />
      </Labelled>
      {(flows.data?.items.length ?? 0) > 0 && (
        <Labelled label={t('away.flows')}>
          <Select<string[]>
            mode="multiple"
            aria-label={t('away.flows')}
            style={{ width: '100%' }}
            value={only}
            onChange={setOnly}
            showSearch={{ optionFilterProp: 'label' }}
            options={flows.data?.items.map((flow) => ({ value: flow.id as string, label: flow.name })) ?? []}
          />
        </Labelled>
      )}
      <Labelled group label={t('away.whose')}>
        <MemberPicker value={whose} onChange={setWhose} label={t('away.whose')} />
      </Labelled>
      {aways.isPending && <Skeleton active title={false} />}
      {aways.data?.items.length === 0 && <p className="muted">{t('away.none')}</p>}
      <ul className="away-list">
        {(aways.data?.items ?? []).map((away) => (
          <li key={away.id}>
            <span
              className={`tint tint-${away.state === 'active' ? 'green' : away.state === 'coming' ? 'blue' : 'gray'}`}
            >
              {t(`away.state.${away.state}`)}
            </span>
            <span className="grow">
              {t('away.line', { to: away.to.label, who: away.member.label })}
              <span className="muted" style={{ display: 'block', fontSize: 13 }}>
                {formatDatetime(away.from)} – {formatDatetime(away.until)}
                {away.flows.length > 0 && `${comma()}${away.flows.map((flow) => flow.label).join(pause())}`}
              </span>
            </span>
            {away.state !== 'over' && (
              <Button
                size="small"
                loading={end.isPending && end.variables === away.id}
                onClick={() => end.mutate(away.id)}
              >
                {t('away.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Modal>
  );
}
