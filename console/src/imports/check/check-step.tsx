import type { ImportView } from '@lianke/shared/imports/api';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Skeleton, Tabs } from 'antd';
import { useMemo, useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { useForms } from '../../api/queries.js';
import { colon } from '../../i18n/punctuation.js';
import { EmptyState } from '../../shared/empty-state.js';
import { formatNumber } from '../../shared/format.js';
import { useText } from '../i18n.js';
import { headline } from '../model/counts.js';
import { bodyOf } from '../model/plan.js';
import { importKey, usePlan } from '../use-import.js';
import styles from './check.module.css';
import { CheckPanel } from './check-panel.js';
import { EarlierImport } from './earlier-import.js';
import { RowsDrawer, type RowsOf } from './rows-drawer.js';
import { SheetTable } from './sheet-table.js';

/** 核对: the file as it is with each column's target, and what would come of it. Nothing is written before the button. */
export function CheckStep({ view }: { view: ImportView }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { plan, change, error, checking, recheck } = usePlan(view);
  const forms = useForms(view.appId);
  const [sheetKey, setSheetKey] = useState<string>();
  const [rows, setRows] = useState<RowsOf | null>(null);
  const [busy, setBusy] = useState(false);

  const targets = useMemo(
    () => (forms.data ?? []).filter((form) => form.actions.includes('import') || form.actions.includes('create')),
    [forms.data],
  );
  const waiting = checking || view.state === 'checking';
  const counts = view.check?.counts ?? [];
  const { rows: total, others } = headline(counts);
  const active =
    plan.sheets.find((sheet) => String(sheet.index) === sheetKey) ??
    plan.sheets.find((sheet) => sheet.include) ??
    plan.sheets[0];

  const start = async () => {
    setBusy(true);
    try {
      const answer = await api('imports.start', { params: { id: view.id }, body: bodyOf(plan) });
      client.setQueryData(importKey(view.id), answer);
    } catch (failure) {
      message.error(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };

  const anew = async () => {
    setBusy(true);
    try {
      client.setQueryData(
        importKey(view.id),
        await api('imports.plan', { params: { id: view.id }, body: { ...bodyOf(plan), anew: true } }),
      );
    } catch (failure) {
      message.error(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };

  if (plan.sheets.length === 0) {
    return view.state === 'checking' ? (
      <Skeleton active style={{ padding: 24 }} />
    ) : (
      <EmptyState title={text('noSheets')} />
    );
  }
  return (
    <>
      {view.earlier && <EarlierImport appId={view.appId} earlier={view.earlier} />}
      {plan.sheets.some((sheet) => sheet.remembered) && (
        <Alert
          banner
          type="info"
          title={text('remembered')}
          action={
            <Button size="small" loading={busy} onClick={() => void anew()}>
              {text('rememberedAnew')}
            </Button>
          }
        />
      )}
      <div className={styles.layout}>
        <div className={styles.file}>
          <Tabs
            size="small"
            activeKey={String(active?.index ?? '')}
            onChange={setSheetKey}
            aria-label={text('sheetTabs')}
            tabBarStyle={{ marginBottom: 8, paddingInline: 4 }}
            items={plan.sheets.map((sheet) => ({
              key: String(sheet.index),
              label: (
                <span className={sheet.include ? '' : 'muted'}>
                  {sheet.name || view.fileName}{' '}
                  <span className="muted tabular">
                    {sheet.include ? text('sheetRows', { n: formatNumber(sheet.rows) }) : text('statusSkipped')}
                  </span>
                </span>
              ),
            }))}
          />
          {active && <SheetTable key={active.index} sheet={active} plan={plan} forms={targets} onChange={change} />}
        </div>
        <CheckPanel view={view} plan={plan} forms={targets} waiting={waiting} onChange={change} onRows={setRows} />
      </div>
      {error !== null && (
        <Alert
          banner
          type="error"
          title={`${text('checkFailed')}${colon()}${messageOf(error)}`}
          action={
            <Button size="small" onClick={recheck}>
              {text('rechecking')}
            </Button>
          }
        />
      )}
      <footer className={styles.footer}>
        <span className={styles.footerText}>
          {waiting ? (
            <span className="muted">{text(view.check ? 'rechecking' : 'checking')}</span>
          ) : (
            others.length > 0 && (
              <span className="muted">
                {text('also', {
                  list: others
                    .map((item) => text('formCount', { form: item.formName, n: formatNumber(item.willImport) }))
                    .join(text('separator')),
                })}
              </span>
            )
          )}
        </span>
        <Button
          type="primary"
          size="large"
          loading={busy}
          disabled={waiting || error !== null || counts.every((item) => item.willImport === 0)}
          onClick={start}
        >
          {!waiting && total + others.length === 0
            ? text('nothingToImport')
            : text('importN', { n: formatNumber(total || (others[0]?.willImport ?? 0)) })}
        </Button>
      </footer>
      <RowsDrawer
        importId={view.id}
        rows={rows}
        onClose={() => setRows(null)}
        links={plan.options.links}
        onLink={(key, record) =>
          change({ ...plan, options: { ...plan.options, links: { ...plan.options.links, [key]: record } } })
        }
      />
    </>
  );
}
