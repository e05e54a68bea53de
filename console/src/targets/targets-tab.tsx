import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons';
import type { TargetBody, TargetView } from '@lianke/shared/targets/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import type { FormView } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { useText } from './i18n.js';
import { TargetDialog } from './target-dialog.js';
import { TargetTable } from './target-table.js';

/** One column that is never wider than its place. */
const column = { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)' } as const;

/** 目标 of a form: what is measured, and the table of figures. */
export function TargetsTab({ form }: { form: FormView }) {
  const text = useText();
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const mayDesign = form.actions.includes('design');
  const stored = useQuery({
    queryKey: ['targets'],
    queryFn: async () => (await api('targets.list', {})).items,
    enabled: mayDesign,
  });
  const [chosen, setChosen] = useState<string>();
  const [dialog, setDialog] = useState<'new' | TargetView>();
  const [busy, setBusy] = useState(false);
  if (!mayDesign) return <EmptyState title={text('noDesign')} hint={text('askAdmin')} />;
  if (stored.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (!stored.data) return <PageError error={stored.error} retry={() => void stored.refetch()} />;
  const list = stored.data.filter((target) => target.formId === form.id);
  const target = list.find((item) => item.id === chosen) ?? list[0];
  const renew = () => client.invalidateQueries({ queryKey: ['targets'] });

  async function save(body: TargetBody) {
    setBusy(true);
    try {
      const saved =
        dialog === 'new' || !dialog
          ? await api('targets.create', { body })
          : await api('targets.update', { params: { id: dialog.id }, body });
      setChosen(saved.id);
      setDialog(undefined);
      await renew();
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  async function remove(gone: TargetView) {
    const sure = await modal.confirm({
      title: text('removeSure', { name: gone.name }),
      okText: text('remove'),
      okButtonProps: { danger: true },
    });
    if (!sure) return;
    try {
      await api('targets.delete', { params: { id: gone.id } });
      message.success(text('removed'));
      await renew();
    } catch (error) {
      message.error(messageOf(error));
    }
  }

  const add = (
    <Button type={target ? 'default' : 'primary'} icon={<PlusOutlined />} onClick={() => setDialog('new')}>
      {text('add')}
    </Button>
  );
  return (
    <div style={{ ...column, gap: 16, padding: 24, maxWidth: 1120, margin: '0 auto' }}>
      <div style={{ display: 'flex', gap: 8, alignItems: 'center', flexWrap: 'wrap' }}>
        <div style={{ flex: '1 1 260px' }}>
          <h2 style={{ margin: 0, fontSize: 16 }}>{text('title')}</h2>
          <span className="muted">{text('hint')}</span>
        </div>
        {target && (
          <>
            {list.length > 1 && (
              <Select
                aria-label={text('title')}
                style={{ minWidth: 160 }}
                value={target.id as string}
                options={list.map((item) => ({ value: item.id as string, label: item.name }))}
                onChange={setChosen}
              />
            )}
            {add}
          </>
        )}
      </div>
      {target ? (
        <Card
          size="small"
          title={`${target.name} · ${text(`period.${target.period}`)}${target.unit ? ` · ${target.unit}` : ''}`}
          extra={
            <>
              <Button type="text" icon={<EditOutlined />} onClick={() => setDialog(target)}>
                {text('edit')}
              </Button>
              <Button
                type="text"
                danger
                icon={<DeleteOutlined />}
                aria-label={text('remove')}
                onClick={() => void remove(target)}
              />
            </>
          }
        >
          <TargetTable key={target.id} target={target} />
        </Card>
      ) : (
        <Card>
          <EmptyState compact title={text('none')} hint={text('noneHint')} action={add} />
        </Card>
      )}
      {dialog && (
        <TargetDialog
          form={form}
          target={dialog === 'new' ? undefined : dialog}
          busy={busy}
          onClose={() => setDialog(undefined)}
          onDo={(body) => void save(body)}
        />
      )}
    </div>
  );
}
