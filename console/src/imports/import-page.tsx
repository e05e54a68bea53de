import { useQueryClient } from '@tanstack/react-query';
import { Button, Skeleton, Steps } from 'antd';
import { useParams, useSearchParams } from 'react-router-dom';
import { useForm } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { CheckStep } from './check/check-step.js';
import { DoneStep } from './done-step.js';
import { FileStep } from './file-step.js';
import { useText } from './i18n.js';
import { ImportHistory } from './import-history.js';
import styles from './imports.module.css';
import { RunningStep } from './running-step.js';
import { importKey, importsKey, useImport } from './use-import.js';

/** 导入: 选文件 → 核对 → 完成, on one page; the address holds the import, so that it can be left and come back to. */
export function ImportPage() {
  const text = useText();
  const client = useQueryClient();
  const { appId = '' } = useParams();
  const [params, setParams] = useSearchParams();
  const id = params.get('id');
  const formId = params.get('formId') ?? undefined;
  const form = useForm(formId);
  const current = useImport(id);
  const view = current.data;

  const open = (next: string | null) => {
    const search = new URLSearchParams(params);
    if (next) search.set('id', next);
    else search.delete('id');
    setParams(search);
    void client.invalidateQueries({ queryKey: importsKey });
  };

  const step = !view ? 0 : view.state === 'ready' || view.state === 'checking' ? 1 : view.state === 'running' ? 1 : 2;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1 className={styles.title}>{text('title')}</h1>
        <Steps
          size="small"
          responsive={false}
          current={step}
          className={styles.steps ?? ''}
          items={[{ title: text('stepFile') }, { title: text('stepCheck') }, { title: text('stepDone') }]}
        />
        <div className={styles.headEnd}>
          {view && <span className="muted ellipsis">{view.fileName}</span>}
          {view?.state === 'ready' && (
            <Button size="small" onClick={() => open(null)}>
              {text('otherFile')}
            </Button>
          )}
        </div>
      </div>
      {id === null && (
        <>
          <FileStep
            appId={appId}
            formId={formId}
            formName={form.data?.name}
            onDone={(made) => {
              client.setQueryData(importKey(made.id), made);
              open(made.id);
            }}
          />
          <div className={styles.narrow}>
            <ImportHistory appId={appId} />
          </div>
        </>
      )}
      {id !== null && current.isPending && <Skeleton active style={{ padding: 24 }} />}
      {id !== null && !view && current.error && (
        <PageError error={current.error} retry={() => void current.refetch()} />
      )}
      {view && (view.state === 'ready' || view.state === 'checking') && <CheckStep view={view} />}
      {view?.state === 'running' && <RunningStep view={view} />}
      {view && !['ready', 'checking', 'running'].includes(view.state) && (
        <DoneStep view={view} onAgain={() => open(null)} />
      )}
    </div>
  );
}
