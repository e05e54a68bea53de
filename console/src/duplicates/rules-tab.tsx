import { DeleteOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons';
import type { DuplicateRule, DuplicateRuleView, SameAs } from '@lianke/shared/duplicates/api';
import type { FormId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Progress, Select, Skeleton } from 'antd';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { type FormView, useRenewApp } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { useDraft } from '../shared/use-draft.js';
import { useText } from './i18n.js';
import { waysOf } from './ways.js';

const most = 10;
const buildingMs = 1000;

/** 查重: which records of the form are held to be the same, and what happens then. */
export function DuplicateRulesTab({ form }: { form: FormView }) {
  const text = useText();
  const client = useQueryClient();
  const renew = useRenewApp();
  const key = ['duplicate-rules', form.id];
  const stored = useQuery({
    queryKey: key,
    queryFn: async () => (await api('duplicates.rules', { params: { formId: form.id as FormId } })).items,
    refetchInterval: ({ state }) => (state.data?.some((rule) => rule.state === 'building') ? buildingMs : false),
  });
  const { draft, setDraft, busy, save } = useDraft<DuplicateRule[]>(
    async (drafted) => {
      const params = { formId: form.id as FormId };
      const { items } = await api('duplicates.saveRules', { params, body: { rules: drafted } });
      client.setQueryData(key, items);
    },
    text('saved'),
    () => renew(form.id),
  );
  if (stored.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (!stored.data) return <PageError error={stored.error} retry={() => void stored.refetch()} />;
  const rules = draft ?? stored.data;
  const change = (index: number, rule: DuplicateRule | undefined) =>
    setDraft(rules.flatMap((item, at) => (at === index ? (rule ?? []) : item)).map(bare));

  const add = () => setDraft([...rules.map(bare), newRule(form)]);
  return (
    <div style={{ display: 'grid', gap: 16, padding: 24, maxWidth: 860, margin: '0 auto' }}>
      <div style={{ display: 'flex', gap: 16, alignItems: 'center', flexWrap: 'wrap' }}>
        <div style={{ flex: '1 1 260px' }}>
          <h2 style={{ margin: 0, fontSize: 16 }}>{text('rulesTitle')}</h2>
          <span className="muted">{text('rulesHint')}</span>
        </div>
        <Link to={`/apps/${form.appId}/forms/${form.id}/duplicates`}>
          <Button icon={<SearchOutlined />}>{text('findAll')}</Button>
        </Link>
      </div>
      {rules.length === 0 && (
        <Card>
          <EmptyState
            compact
            title={text('noRules')}
            hint={text('noRulesHint')}
            action={
              <Button type="primary" icon={<PlusOutlined />} onClick={add}>
                {text('addRule')}
              </Button>
            }
          />
        </Card>
      )}
      {rules.map((rule, index) => (
        <RuleCard
          key={rule.id}
          form={form}
          rule={rule}
          state={draft ? undefined : stored.data.find((item) => item.id === rule.id)}
          title={text('ruleN', { n: index + 1 })}
          onChange={(next) => change(index, next)}
        />
      ))}
      {(rules.length > 0 || draft) && (
        <div style={{ display: 'flex', gap: 8, alignItems: 'center', flexWrap: 'wrap' }}>
          {rules.length > 0 && rules.length < most && (
            <Button icon={<PlusOutlined />} onClick={add}>
              {text('addRule')}
            </Button>
          )}
          <span style={{ flex: 1 }} />
          {draft && <span className="muted">{text('unsaved')}</span>}
          <Button type="primary" disabled={!draft} loading={busy} onClick={() => void save()}>
            {text('save')}
          </Button>
        </div>
      )}
    </div>
  );
}

function RuleCard({
  form,
  rule,
  state,
  title,
  onChange,
}: {
  form: FormView;
  rule: DuplicateRule;
  state: DuplicateRuleView | undefined;
  title: string;
  onChange: (rule: DuplicateRule | undefined) => void;
}) {
  const text = useText();
  const usable = form.fields.filter((field) => waysOf(field).length > 0);
  const fieldOf = (ref: string) => form.fields.find((field) => field.id === ref);
  const put = (at: number, field: string, as: SameAs) =>
    onChange({ ...rule, fields: rule.fields.map((item, index) => (index === at ? { field, as } : item)) });
  return (
    <Card
      size="small"
      title={title}
      extra={
        <Button
          type="text"
          danger
          icon={<DeleteOutlined />}
          aria-label={text('removeRule')}
          onClick={() => onChange(undefined)}
        />
      }
    >
      <div style={{ display: 'grid', gap: 12 }}>
        {rule.fields.map(({ field: ref, as }, at) => {
          const field = fieldOf(ref);
          return (
            <div key={ref} style={{ display: 'flex', gap: 8, alignItems: 'center', flexWrap: 'wrap' }}>
              <span className="muted" style={{ width: 32 }}>
                {at > 0 ? text('and') : ''}
              </span>
              <Select
                aria-label={text('field')}
                style={{ flex: '1 1 160px' }}
                value={field ? ref : null}
                showSearch={{ optionFilterProp: 'label' }}
                options={usable
                  .filter((item) => item.id === ref || !rule.fields.some((part) => part.field === item.id))
                  .map((item) => ({ value: item.id, label: item.name }))}
                onChange={(next: string | null) => {
                  const chosen = next ? fieldOf(next) : undefined;
                  if (chosen) put(at, chosen.id, waysOf(chosen)[0] ?? 'exact');
                }}
              />
              <Select
                aria-label={text('way')}
                style={{ flex: '2 1 220px' }}
                value={as}
                disabled={!field}
                options={(field ? waysOf(field) : [as]).map((way) => ({ value: way, label: text(`as.${way}`) }))}
                onChange={(way) => put(at, ref, way)}
              />
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={text('removeField')}
                disabled={rule.fields.length === 1}
                onClick={() => onChange({ ...rule, fields: rule.fields.filter((_, index) => index !== at) })}
              />
            </div>
          );
        })}
        <div style={{ display: 'flex', gap: 8, alignItems: 'center', flexWrap: 'wrap' }}>
          {rule.fields.length < 5 && (
            <Button
              type="link"
              size="small"
              style={{ padding: 0 }}
              onClick={() => {
                const next = usable.find((item) => !rule.fields.some((part) => part.field === item.id));
                if (next)
                  onChange({ ...rule, fields: [...rule.fields, { field: next.id, as: waysOf(next)[0] ?? 'exact' }] });
              }}
            >
              {text('addField')}
            </Button>
          )}
          <span style={{ flex: 1 }} />
          <span className="muted">{text('action')}</span>
          <Select
            aria-label={text('action')}
            style={{ width: 160 }}
            value={rule.action}
            options={(['warn', 'refuse'] as const).map((action) => ({ value: action, label: text(action) }))}
            onChange={(action) => onChange({ ...rule, action })}
          />
        </div>
        {state?.state === 'building' && (
          <div>
            <span className="muted">{text('building', { done: state.done, total: state.total })}</span>
            <Progress
              size="small"
              showInfo={false}
              percent={state.total > 0 ? Math.round((state.done / state.total) * 100) : 0}
            />
          </div>
        )}
        {state?.state === 'failed' && <Alert type="error" showIcon title={text('failed')} />}
        {state?.state === 'broken' && <Alert type="warning" showIcon title={text('broken')} />}
      </div>
    </Card>
  );
}

/** A rule as it is sent: without how far its keys are. */
function bare({ id, fields, action }: DuplicateRule): DuplicateRule {
  return { id, fields, action };
}

/** Phones tell customers apart best, then names. */
function newRule(form: FormView): DuplicateRule {
  const own = form.fields.filter((field) => !field.system && waysOf(field).length > 0);
  const first = own.find((field) => field.type === 'phone') ?? own[0] ?? form.fields[0];
  const id = crypto.randomUUID().replaceAll('-', '').slice(0, 12);
  return {
    id,
    fields: first ? [{ field: first.id, as: waysOf(first)[0] ?? 'exact' }] : [],
    action: 'warn',
  };
}
