import { CheckCircleOutlined } from '@ant-design/icons';
import type { InstallChoice, InstalledPackage, PackagePreview } from '@lianke/shared/apps/package-api';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Skeleton, Spin } from 'antd';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useApps, useMe } from '../api/queries.js';
import { EmptyState } from '../shared/empty-state.js';
import { ChoiceForm } from './choice-form.js';
import { useText } from './i18n.js';
import { PackageDrop } from './package-drop.js';
import styles from './packages.module.css';
import { PartGroups } from './part-groups.js';
import { countsText, leftText } from './said.js';
import { ThroughList } from './through-list.js';

/** 从文件安装: choose a file, see what it would do and decide, install. */
export function InstallPage() {
  const text = useText();
  const me = useMe();
  const apps = useApps();
  const [preview, setPreview] = useState<PackagePreview>();
  const [done, setDone] = useState<InstalledPackage>();
  if (me.isPending || apps.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (!me.data?.permissions.design && !apps.data?.some((app) => app.mayDesign))
    return <EmptyState title={text('noRight')} hint={text('noRightHint')} />;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{text('installTitle')}</h1>
        <span className={styles.grow} />
        {preview && !done && <Button onClick={() => setPreview(undefined)}>{text('otherFile')}</Button>}
      </div>
      {done ? (
        <Done done={done} upgraded={preview?.choice.appId === done.app.id} />
      ) : preview ? (
        <Decide key={preview.id} first={preview} onDone={setDone} />
      ) : (
        <PackageDrop onRead={setPreview} />
      )}
    </div>
  );
}

function Decide({ first, onDone }: { first: PackagePreview; onDone: (done: InstalledPackage) => void }) {
  const text = useText();
  const client = useQueryClient();
  const [preview, setPreview] = useState(first);
  const [choice, setChoice] = useState<InstallChoice>(first.choice);
  const [busy, setBusy] = useState<'looking' | 'installing'>();
  const [error, setError] = useState('');
  const asked = useRef(0);

  /** Looks again with another choice; an answer to an older one comes to nothing. */
  const change = async (next: InstallChoice) => {
    setChoice(next);
    setError('');
    const turn = ++asked.current;
    setBusy('looking');
    try {
      const seen = await api('packages.preview', { params: { id: first.id }, body: next });
      if (turn === asked.current) setPreview(seen);
    } catch (failure) {
      if (turn === asked.current) setError(messageOf(failure));
    } finally {
      if (turn === asked.current) setBusy(undefined);
    }
  };

  const install = async () => {
    setBusy('installing');
    setError('');
    try {
      const done = await api('packages.install', { params: { id: first.id }, body: choice });
      await client.invalidateQueries();
      onDone(done);
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(undefined);
    }
  };

  return (
    <>
      <section className={styles.card}>
        <strong>{text('file', { file: preview.fileName, name: preview.name, version: preview.version })}</strong>
        {preview.description && <span className="muted">{preview.description}</span>}
        <span role="status">
          <Summary preview={preview} />
        </span>
      </section>
      {preview.problem && <Alert type="error" showIcon title={text('cannot')} description={preview.problem} />}
      <ChoiceForm preview={preview} choice={choice} onChange={(next) => void change(next)} />
      <ThroughList items={preview.through} onAgain={() => void change(choice)} />
      <PartGroups parts={preview.parts} take={choice.take} onTake={(take) => void change({ ...choice, take })} />
      {preview.left.length > 0 && (
        <section className={styles.card}>
          <h2>{text('leftBehind')}</h2>
          <ul className={styles.list}>
            {preview.left.map((item) => (
              <li key={`${item.kind}/${item.of}/${item.name}`}>{leftText(text, item)}</li>
            ))}
          </ul>
        </section>
      )}
      <div className={styles.bar}>
        <Button
          type="primary"
          loading={busy === 'installing'}
          disabled={busy !== undefined || preview.problem !== null}
          onClick={() => void install()}
        >
          {text(choice.appId ? 'upgrade' : 'install')}
        </Button>
        {busy === 'looking' && <Spin size="small" />}
        {busy === 'installing' && <span className="muted">{text('installing')}</span>}
        {error && <Alert type="error" showIcon title={error} />}
      </div>
    </>
  );
}

/** What would be done, in one sentence. */
function Summary({ preview }: { preview: PackagePreview }) {
  const text = useText();
  const { parts, choice, appName, version } = preview;
  if (!choice.appId) return text('willNew', { name: appName, what: countsText(text, parts) });
  const taken = parts.filter((part) => part.taken);
  const of = (...changes: string[]) => parts.filter((part) => !part.taken && changes.includes(part.change)).length;
  const [created, updated] = [of('create'), of('update') + taken.length];
  if (created + updated + of('kept', 'conflict', 'gone', 'blocked', 'dropped') === 0) return text('nothing');
  return text('willUpgrade', {
    ...{ name: appName, version, created, updated },
    kept: of('kept', 'conflict', 'gone', 'blocked', 'dropped'),
    same: of('same'),
  });
}

function Done({ done, upgraded }: { done: InstalledPackage; upgraded: boolean }) {
  const text = useText();
  const navigate = useNavigate();
  const { app, created, updated, kept, drafts, sampleRows, sampleProblem } = done;
  return (
    <section className={styles.card} role="status">
      <h2>
        <CheckCircleOutlined style={{ color: 'var(--ant-color-success)' }} />{' '}
        {text(upgraded ? 'doneUpgrade' : 'doneNew', { name: app.name })}
      </h2>
      <span>{text('doneCounts', { created, updated, kept })}</span>
      {sampleRows > 0 && <span>{text('doneSample', { n: sampleRows })}</span>}
      {sampleProblem && <Alert type="warning" showIcon title={text('sampleFailed', { why: sampleProblem })} />}
      {drafts.length > 0 && (
        <Alert
          type="info"
          showIcon
          title={text('draftsTitle', { n: drafts.length })}
          description={text('draftsHint', { names: drafts.join(text('and')) })}
        />
      )}
      <span>
        <Button type="primary" onClick={() => navigate(`/apps/${app.id}`)}>
          {text('openApp')}
        </Button>
      </span>
    </section>
  );
}
