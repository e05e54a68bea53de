import { ApiError, urlOf } from '@lianke/shared/api/client';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FileId, MemberId, TaskId } from '@lianke/shared/ids';
import { type TaskAction, taskActions } from '@lianke/shared/tasks/take-action';
import { View } from '@tarojs/components';
import { useDidShow, useRouter } from '@tarojs/taro';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { Failed } from '../../components/empty.js';
import { FieldBox } from '../../components/field-box.js';
import { Screen } from '../../components/screen.js';
import { SkeletonPage } from '../../components/skeleton.js';
import { StaleBanner } from '../../components/stale-banner.js';
import { useFormat } from '../../data/context.js';
import { formById, useCatalog } from '../../data/forms.js';
import { keptTask } from '../../data/kept-task.js';
import { useLive } from '../../data/live.js';
import type { Json, Values } from '../../data/record-types.js';
import { invalidate, useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { back, replace } from '../../platform/navigate.js';
import { openServerFile } from '../../platform/open-file.js';
import { showNotice } from '../../store/notice.js';
import { ActionSheet, MoreSheet } from './actions.js';
import { CommentPart, scrollToComment } from './comment-part.js';
import { Dealings } from './dealings.js';
import { idsOf, signatureField } from './extra-fields.js';
import { ExtrasPart } from './extras.js';
import { Marks } from './marks.js';
import { NodeFields } from './node-fields.js';
import { outcomeLine } from './outcome.js';
import { CopyMarks, Progress } from './progress.js';
import { RefuseSheet } from './refuse-sheet.js';
import { Stages } from './stages.js';
import { Subject } from './subject.js';
import { useAnswerValues } from './use-answer-values.js';
import './index.scss';

type Detail = AnswerOf<'tasks.get'>;
type Outcome = Detail['state'];
type Decision = 'approve' | 'reject';

/** One approval: who asks for what and how much, the facts, the record, the progress; 同意, 拒绝 and 转办 at the bottom. */
export default function TaskPage() {
  const t = useT();
  const { params } = useRouter();
  const id = (params.id ?? '') as TaskId;
  const task = useResource(`tasks.detail.${id}`, () => api('tasks.get', { params: { id } }), keptTask);
  const [after, setAfter] = useState<{ outcome: Outcome; next: string | null; left: number } | null>(null);
  useDidShow(() => void task.reload());
  useLive();
  const detail = task.data;
  return (
    <Screen title={t('task.approval')} bar>
      <StaleBanner error={task.error} at={task.at} />
      {detail ? <Body detail={detail} after={after} onDecided={setAfter} onStale={() => void task.reload()} /> : null}
      {!detail && task.loading ? <SkeletonPage /> : null}
      {!detail && !task.loading && task.error ? <Failed error={task.error} onRetry={() => void task.reload()} /> : null}
    </Screen>
  );
}

const amount = /^(?:[¥￥]|CNY )?\s*-?[\d,]+(?:\.\d+)?\s*(?:元|万元|(?:万 )?[A-Z]{3})?$/;

/** How much comes before the other facts, which keep their order. */
function amountFirst(facts: Detail['facts']): Detail['facts'] {
  const main = facts.find((fact) => amount.test(fact.value) && /[元¥￥]|[A-Z]{3}/.test(fact.value));
  return main ? [main, ...facts.filter((fact) => fact !== main)] : facts;
}

interface BodyProps {
  detail: Detail;
  after: { outcome: Outcome; next: string | null; left: number } | null;
  onDecided(after: BodyProps['after']): void;
  onStale(): void;
}

function Body({ detail, after, onDecided, onStale }: BodyProps) {
  const format = useFormat();
  const { t } = format;
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [sheet, setSheet] = useState<TaskAction | 'more' | 'refuse' | null>(null);
  const [signature, setSignature] = useState<Json>(null);
  const filled = useAnswerValues();
  const along = useAnswerValues();
  const catalog = useCatalog();
  const fields = detail.subject ? (formById(catalog.data, detail.subject.formId)?.fields ?? []) : [];
  const nameOf = (key: string) => fields.find((field) => field.key === key)?.name ?? key;
  const open = detail.state === 'pending' && detail.mayDecide && !after;
  const fills = detail.state === 'pending' && detail.actions.includes('fill') && !after;
  const more = taskActions.filter((action) => detail.actions.includes(action));
  const asked = open ? undefined : more.find((action) => ['choose', 'resubmit', 'answer', 'advise'].includes(action));
  const stale = after ? '' : outcomeLine(detail, format);

  const lacks = (what: string) => {
    setSheet(null);
    setProblem(what);
    scrollToComment();
  };
  const finish = (outcome: Outcome, { next, left }: AnswerOf<'tasks.approve'>) => {
    onDecided({ outcome, next: next?.id ?? null, left });
    invalidate('tasks');
  };
  const decide = async (decision: Decision, text = comment.trim()) => {
    if (busy) return;
    if (decision === 'approve' && detail.commentOnApprove && text === '') return lacks(t('task.commentNeededOk'));
    const [signed] = idsOf(signature);
    if (detail.signature && !signed) return lacks(t('task.signatureNeeded'));
    if (decision === 'reject' && text === '' && sheet !== 'refuse') return setSheet('refuse');
    setBusy(true);
    setProblem('');
    try {
      const answer = async (values: Values, extras: Values) => {
        const files = idsOf(extras.attachments) as FileId[];
        const cc = idsOf(extras.cc) as MemberId[];
        const result = await api(decision === 'approve' ? 'tasks.approve' : 'tasks.reject', {
          params: { id: detail.id as TaskId },
          body: {
            comment: text || undefined,
            ...(signed ? { signature: signed as FileId } : {}),
            ...(Object.keys(values).length > 0 ? { values } : {}),
            ...(files.length > 0 ? { attachments: files } : {}),
            ...(cc.length > 0 ? { cc } : {}),
          },
        });
        finish(decision === 'approve' ? 'approved' : 'rejected', result);
        return undefined;
      };
      const missing = await filled.send((values) => along.send((extras) => answer(values, extras)));
      setSheet(null);
      if (missing) lacks(missing);
    } catch (error) {
      showNotice(messageOf(error));
      if (error instanceof ApiError && error.status === 409) onStale();
    } finally {
      setBusy(false);
    }
  };

  const say = (text: string) => {
    setComment(text);
    setProblem('');
  };
  const fill = async () => {
    if (busy) return;
    setBusy(true);
    setProblem('');
    try {
      const missing = await filled.send(async (values) => {
        const body = { values, comment: comment.trim() || undefined };
        finish('done', await api('tasks.fill', { params: { id: detail.id as TaskId }, body }));
        return undefined;
      });
      if (missing) lacks(missing);
    } catch (error) {
      const missing = error instanceof ApiError ? (error.problem.fields ?? []).map((item) => nameOf(item.field)) : [];
      if (missing.length > 0) lacks(t('task.required', { names: missing.join(t('common.comma')) }));
      else showNotice(messageOf(error));
      if (error instanceof ApiError && error.status === 409) onStale();
    } finally {
      setBusy(false);
    }
  };

  return (
    <View>
      <View className="ask">
        <View className="ask__who">
          {detail.starter
            ? t(detail.ask === 'fill' ? 'task.asksFill' : 'task.asks', { name: detail.starter.label })
            : t('task.approval')}
        </View>
        <View className="ask__title">{detail.title}</View>
        <Marks detail={detail} />
        <View className="ask__facts">
          {amountFirst(detail.facts).map((fact, index) => (
            <View key={fact.label} className={`ask__fact ${index === 0 ? 'ask__fact--main' : ''}`}>
              <View className="ask__label">{fact.label}</View>
              <View className="ask__value num">{fact.value}</View>
            </View>
          ))}
        </View>
      </View>
      {detail.actingFor ? <View className="banner">{t('task.acting', { name: detail.actingFor.label })}</View> : null}
      {detail.changedAfter ? <View className="banner">{t('task.changed')}</View> : null}
      {detail.question && detail.state === 'pending' && !after ? (
        <View className="banner">{detail.question}</View>
      ) : null}
      {stale ? <View className="banner">{stale}</View> : null}
      {after ? <After after={after} /> : null}
      {detail.subject ? <Subject subject={detail.subject} rights={detail.fields} /> : null}
      {detail.subject ? <Dealings subject={detail.subject} rights={detail.fields} /> : null}
      {open || fills ? <NodeFields detail={detail} shown={filled.shown} onChange={filled.put} /> : null}
      <View className="section-title">{t('task.progress')}</View>
      <Stages stages={detail.stages} />
      <Progress entries={detail.progress} />
      <CopyMarks copies={detail.copies} />
      <View
        className="link task-print"
        onClick={() =>
          void openServerFile(urlOf('prints.approval', { id: detail.id }), 'pdf').catch(() =>
            showNotice(t('file.cannotOpen')),
          )
        }
      >
        {t('task.print')}
      </View>
      {open ? (
        <View>
          <View className="section-title">{t('task.comment')}</View>
          <View className="card comment">
            <CommentPart
              value={comment}
              placeholder={t(detail.commentOnReject ? 'task.commentHintReject' : 'task.commentHint')}
              problem={problem}
              onChange={say}
            />
            {detail.signature ? (
              <FieldBox field={signatureField(t('task.signature'))} value={signature} onChange={setSignature} />
            ) : null}
            <ExtrasPart shown={along.shown} copies={detail.actions.includes('cc')} onChange={along.put} />
          </View>
          <View className="bar">
            {more.length > 0 ? (
              <Button off={busy} onClick={() => setSheet('more')}>
                {t('task.more')}
              </Button>
            ) : null}
            {detail.actions.includes('reject') ? (
              <Button kind="danger" off={busy} onClick={() => void decide('reject')}>
                {t('task.reject')}
              </Button>
            ) : null}
            <Button kind="primary" off={busy} onClick={() => void decide('approve')}>
              {t('task.approve')}
            </Button>
          </View>
        </View>
      ) : null}
      {fills ? (
        <View>
          <View className="section-title">{t('task.comment')}</View>
          <View className="card comment">
            <CommentPart value={comment} placeholder={t('task.note')} problem={problem} onChange={say} />
          </View>
          <View className="bar">
            {more.length > 0 ? (
              <Button off={busy} onClick={() => setSheet('more')}>
                {t('task.more')}
              </Button>
            ) : null}
            <Button kind="primary" off={busy} onClick={() => void fill()}>
              {t('task.submit')}
            </Button>
          </View>
        </View>
      ) : null}
      {!open && !fills && !after && more.length > 0 ? (
        <View className="bar">
          {more.some((action) => action !== asked) ? (
            <Button off={busy} onClick={() => setSheet('more')}>
              {t('task.more')}
            </Button>
          ) : null}
          {asked ? (
            <Button kind="primary" off={busy} onClick={() => setSheet(asked)}>
              {t(`act.${asked}`)}
            </Button>
          ) : null}
        </View>
      ) : null}
      {(detail.state === 'pending' || detail.state === 'queued') && !detail.mayDecide && !asked && !fills ? (
        <View className="list-end">{t('task.notYours')}</View>
      ) : null}
      {sheet === 'more' ? (
        <MoreSheet
          actions={more.filter((action) => action !== asked)}
          onPick={setSheet}
          onClose={() => setSheet(null)}
        />
      ) : null}
      {sheet === 'refuse' ? (
        <RefuseSheet
          needed={detail.commentOnReject}
          busy={busy}
          onRefuse={(reason) => void decide('reject', reason)}
          onClose={() => setSheet(null)}
        />
      ) : null}
      {sheet && sheet !== 'more' && sheet !== 'refuse' ? (
        <ActionSheet
          action={sheet}
          detail={detail}
          comment={comment.trim()}
          onLeft={(result) => {
            setSheet(null);
            finish(result.task.state, result);
          }}
          onDone={() => {
            setSheet(null);
            invalidate('tasks');
            onStale();
          }}
          onClose={() => setSheet(null)}
        />
      ) : null}
    </View>
  );
}

/** 「已同意，下一条（还有 4 条）」 */
function After({ after }: { after: { outcome: Outcome; next: string | null; left: number } }) {
  const t = useT();
  const done = t(`outcome.${after.outcome}`);
  const next = after.next;
  return (
    <View>
      <View className="banner banner--ok">{next ? t('task.doneMore', { done }) : t('task.doneAll', { done })}</View>
      <View className="bar">
        <Button onClick={back}>{t('common.back')}</Button>
        {next ? (
          <Button kind="primary" className="btn--wide" onClick={() => replace('/pages/task/index', { id: next })}>
            {t('task.next', { done, n: after.left })}
          </Button>
        ) : null}
      </View>
    </View>
  );
}
