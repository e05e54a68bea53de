import { CheckCircleFilled } from '@ant-design/icons';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FormId } from '@lianke/shared/ids';
import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { type AppView, keys, useForms, useMe, useMembers } from '../api/queries.js';
import { usePersistent } from '../shared/use-persistent.js';
import styles from './home.module.css';

interface Step {
  key: 'import' | 'invite' | 'connect' | 'dashboard';
  done: boolean;
  action: string;
  go: (() => void) | undefined;
  /** Apps to choose from when the step needs one. */
  choose?: readonly AppView[];
}

/** True once any form holds more than a handful of records, or an import has run. */
function useImported(): boolean | undefined {
  const forms = useForms();
  const imports = useQuery({ queryKey: ['imports'], queryFn: async () => (await api('imports.list', {})).items });
  const first = forms.data?.[0];
  const count = useQuery({
    queryKey: keys.data(first?.id ?? '', 'any'),
    queryFn: () => api('records.query', { params: { formId: first?.id as FormId }, body: { limit: 1, fields: [] } }),
    enabled: first !== undefined,
  });
  if (imports.isPending || forms.isPending) return undefined;
  const ran = (imports.data ?? []).some((item) => item.state === 'done');
  const total = count.data?.total;
  return ran || (typeof total === 'number' ? total > 0 : total !== undefined);
}

/** Opens the templates, for an app or for what a spreadsheet is brought into. */
type OnTemplate = ((wanted: 'app' | 'import') => void) | undefined;

function useSteps(apps: readonly AppView[], onTemplate: OnTemplate): Step[] | undefined {
  const { t } = useTranslation('home');
  const navigate = useNavigate();
  const me = useMe();
  const members = useMembers();
  const imported = useImported();
  const connections = useQuery({
    queryKey: keys.connections,
    queryFn: async () => (await api('connections.list', {})).items,
    enabled: me.data?.permissions.admin === true,
  });
  if (imported === undefined || members.isPending || (me.data?.permissions.admin && connections.isPending))
    return undefined;
  const [only] = apps;
  const board = apps.flatMap((app) =>
    app.items.filter((item) => item.kind === 'dashboard').map((item) => ({ app, item })),
  )[0];
  const toImport = (app: AppView) => navigate(`/apps/${app.id}/import`);
  const steps: Step[] = [
    {
      key: 'import',
      done: imported,
      action: t('importAction'),
      go:
        apps.length === 0
          ? onTemplate && (() => onTemplate('import'))
          : apps.length === 1 && only
            ? () => toImport(only)
            : undefined,
      ...(apps.length > 1 ? { choose: apps } : {}),
    },
  ];
  if (me.data?.permissions.admin || me.data?.permissions.members) {
    steps.push({
      key: 'invite',
      done: (members.data?.filter((item) => item.state !== 'left').length ?? 0) > 1,
      action: t('inviteAction'),
      go: () => navigate('/admin/members'),
    });
  }
  if (me.data?.permissions.admin) {
    steps.push({
      key: 'connect',
      done: (connections.data ?? []).some(connected),
      action: t('connectAction'),
      go: () => navigate('/admin/connections'),
    });
  }
  steps.push({
    key: 'dashboard',
    done: board !== undefined,
    action: t(board ? 'dashboardAction' : 'dashboardCreate'),
    go: board
      ? () => navigate(`/apps/${board.app.id}/dashboards/${board.item.id}`)
      : only
        ? () => navigate(`/apps/${only.id}`)
        : onTemplate && (() => onTemplate('app')),
  });
  return steps;
}

/** The first steps of a new company; gone when all are done or when sent away. */
export function Checklist({ apps, onTemplate }: { apps: readonly AppView[]; onTemplate?: OnTemplate }) {
  const { t } = useTranslation('home');
  const me = useMe();
  const navigate = useNavigate();
  const [hidden, setHidden] = usePersistent(`checklist.hidden.${me.data?.tenant.id ?? ''}`, false);
  const steps = useSteps(apps, onTemplate);
  if (!steps || hidden || steps.every((step) => step.done)) return null;
  return (
    <section className={styles.panel} aria-label={t('checklist')}>
      <div className={styles.head}>
        <h2>{t('checklist')}</h2>
        <span className="muted">{t('checklistLeft', { n: steps.filter((step) => !step.done).length })}</span>
        <span className={styles.grow} />
        <Button type="text" size="small" onClick={() => setHidden(true)}>
          {t('hide')}
        </Button>
      </div>
      <div className={styles.steps}>
        {steps.map((step) => (
          <div key={step.key} className={step.done ? `${styles.step} ${styles.stepDone}` : styles.step}>
            <div className={styles.stepTitle}>
              {step.done && <CheckCircleFilled style={{ color: 'var(--ant-color-success)' }} />}
              {t(`${step.key}Title`)}
            </div>
            <div className="muted">{t(`${step.key}Hint`)}</div>
            <div>
              {step.done && step.key !== 'dashboard' ? (
                <span className="muted">{t('done')}</span>
              ) : step.choose ? (
                <Dropdown
                  trigger={['click']}
                  menu={{
                    items: step.choose.map((app) => ({ key: app.id, label: app.name })),
                    onClick: ({ key }) => navigate(`/apps/${key}/import`),
                  }}
                >
                  <Button size="small">{step.action}</Button>
                </Dropdown>
              ) : (
                <Button size="small" disabled={!step.go} onClick={step.go ?? (() => undefined)}>
                  {step.action}
                </Button>
              )}
            </div>
          </div>
        ))}
      </div>
    </section>
  );
}

/** Nothing is left to set up: every check is green, or the app came from the platform's directory. */
function connected({ checks, suite }: AnswerOf<'connections.list'>['items'][number]): boolean {
  return suite?.state === 'active' || (checks.length > 0 && checks.every((check) => check.ok));
}
