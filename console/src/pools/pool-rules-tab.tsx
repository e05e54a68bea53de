import type { FormId } from '@lianke/shared/ids';
import { type PoolSettings, type PoolSettingsView, poolSettings } from '@lianke/shared/pools/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Form, Radio, Skeleton, Switch } from 'antd';
import { Link } from 'react-router-dom';
import { PrincipalsPicker } from '../access/principals-picker.js';
import { api } from '../api/client.js';
import { type FormView, keys } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { useDraft } from '../shared/use-draft.js';
import { useText } from './i18n.js';
import { CountBox, PoolFields } from './pool-fields.js';
import { ReturnRules } from './return-rules.js';

/** 公海: who may claim, how much, what is seen before, and when records come back by themselves. */
export function PoolRulesTab({ form }: { form: FormView }) {
  const text = useText();
  const client = useQueryClient();
  const key = ['pool-settings', form.id];
  const mayDesign = form.actions.includes('design');
  const stored = useQuery({
    queryKey: key,
    queryFn: () => api('pools.settings', { params: { formId: form.id as FormId } }),
    enabled: mayDesign,
  });
  const { draft, setDraft, busy, save } = useDraft<PoolSettings>(
    async (body) => {
      client.setQueryData(key, await api('pools.save', { params: { formId: form.id as FormId }, body }));
    },
    text('saved'),
    () => client.invalidateQueries({ queryKey: keys.data(form.id) }),
  );
  if (!mayDesign) return <EmptyState title={text('noDesign')} hint={text('askAdmin')} />;
  if (stored.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (!stored.data) return <PageError error={stored.error} retry={() => void stored.refetch()} />;
  const settings = draft ?? bare(stored.data);
  const change = (part: Partial<PoolSettings>) => setDraft({ ...settings, ...part });

  return (
    <div style={{ display: 'grid', gap: 16, padding: 24, maxWidth: 860, margin: '0 auto' }}>
      <div style={{ display: 'flex', gap: 16, alignItems: 'center', flexWrap: 'wrap' }}>
        <div style={{ flex: '1 1 260px' }}>
          <h2 style={{ margin: 0, fontSize: 16 }}>{text('rulesTitle')}</h2>
          <span className="muted">{text('rulesHint')}</span>
        </div>
        {stored.data.on && (
          <Link to={`/apps/${form.appId}/forms/${form.id}/pool`}>
            <Button tabIndex={-1}>{text('open')}</Button>
          </Link>
        )}
        <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
          <Switch aria-label={text('on')} checked={settings.on} onChange={(on) => change({ on })} />
          {text('on')}
        </span>
      </div>
      {settings.on && (
        <>
          <Card size="small" title={text('people')}>
            <Form layout="vertical">
              <Form.Item>
                <Radio.Group
                  value={settings.claimers === null ? 'all' : 'named'}
                  onChange={(event) => change({ claimers: event.target.value === 'all' ? null : [] })}
                  options={[
                    { value: 'all', label: text('everyone') },
                    { value: 'named', label: text('named') },
                  ]}
                />
              </Form.Item>
              {settings.claimers !== null && (
                <Form.Item label={text('claimers')}>
                  <PrincipalsPicker
                    label={text('claimers')}
                    value={settings.claimers}
                    onChange={(claimers) => change({ claimers })}
                  />
                </Form.Item>
              )}
              <Form.Item label={text('managers')} help={text('managersHint')}>
                <PrincipalsPicker
                  label={text('managers')}
                  value={settings.managers}
                  onChange={(managers) => change({ managers })}
                />
              </Form.Item>
            </Form>
          </Card>
          <Card size="small" title={text('limits')}>
            <CountBox
              label={text('holds')}
              unit={text('rowsUnit')}
              none={text('noLimit')}
              value={settings.holds}
              onChange={(holds) => change({ holds })}
            />
            <CountBox
              label={text('daily')}
              unit={text('rowsUnit')}
              none={text('noLimit')}
              value={settings.daily}
              onChange={(daily) => change({ daily })}
            />
            <CountBox
              label={text('protect')}
              unit={text('daysUnit')}
              none="0"
              max={365}
              value={settings.protectDays === 0 ? null : settings.protectDays}
              onChange={(days) => change({ protectDays: days ?? 0 })}
            />
          </Card>
          <PoolFields form={form} value={settings.fields} onChange={(fields) => change({ fields })} />
          <ReturnRules form={form} settings={settings} onChange={change} />
        </>
      )}
      {(settings.on || draft) && (
        <div style={{ display: 'flex', gap: 8, alignItems: 'center', justifyContent: 'flex-end' }}>
          {draft && <span className="muted">{text('unsaved')}</span>}
          <Button type="primary" disabled={!draft} loading={busy} onClick={() => void save()}>
            {text('save')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** The rules as they are sent: people without their names. */
function bare(view: PoolSettingsView): PoolSettings {
  return poolSettings.parse(view);
}
