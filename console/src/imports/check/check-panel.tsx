import { RightOutlined } from '@ant-design/icons';
import type { MemberId } from '@lianke/shared/ids';
import type { ImportCounts, ImportIssue, ImportView } from '@lianke/shared/imports/api';
import { Segmented, Select, Skeleton, Spin } from 'antd';
import type { FormView } from '../../api/queries.js';
import { useMembers } from '../../api/queries.js';
import { EmptyState } from '../../shared/empty-state.js';
import { formatNumber } from '../../shared/format.js';
import { MemberPicker } from '../../shared/member-picker.js';
import { useText } from '../i18n.js';
import type { TextKey } from '../messages/zh.js';
import { peopleToPlace, remindersOf, sortedIssues } from '../model/counts.js';
import type { Plan } from '../model/plan.js';
import styles from './check.module.css';
import { FlowSwitch } from './flow-switch.js';
import { ModeChoice } from './mode-choice.js';
import type { RowsOf } from './rows-drawer.js';

interface Props {
  view: ImportView;
  plan: Plan;
  forms: readonly FormView[];
  waiting: boolean;
  onChange: (plan: Plan) => void;
  onRows: (rows: RowsOf) => void;
}

const lines: {
  key: 'willImport' | 'refused' | 'duplicates' | 'leavers' | 'ambiguous';
  label: TextKey;
  kind: RowsOf['kind'];
  tone: string;
}[] = [
  { key: 'willImport', label: 'countWill', kind: 'import', tone: 'success' },
  { key: 'refused', label: 'countRefused', kind: 'refused', tone: 'error' },
  { key: 'ambiguous', label: 'countOpen', kind: 'ambiguousLink', tone: 'warning' },
  { key: 'duplicates', label: 'countDuplicates', kind: 'duplicate', tone: 'warning' },
  { key: 'leavers', label: 'countLeavers', kind: 'leaver', tone: 'warning' },
];

/** The right side of the check: counts that open their rows, what needs a decision, and the decisions. */
export function CheckPanel({ view, plan, forms, waiting, onChange, onRows }: Props) {
  const text = useText();
  const check = view.check;
  if (!check) {
    return (
      <aside className={styles.panel}>
        <Skeleton active paragraph={{ rows: 8 }} />
      </aside>
    );
  }
  if (check.counts.length === 0) {
    return (
      <aside className={styles.panel} aria-busy={waiting}>
        <EmptyState compact title={text('nothingYet')} hint={text('nothingYetHint')} />
      </aside>
    );
  }
  const urgent = sortedIssues(
    check.issues.filter((issue) => issue.kind === 'ambiguousLink' || issue.kind === 'unknownLink'),
  );
  const reminders = remindersOf(check);
  return (
    <aside className={styles.panel} aria-busy={waiting}>
      <Spin spinning={waiting} delay={300}>
        {urgent.length > 0 && (
          <section className={styles.block}>
            <h3>{text('lookFirst')}</h3>
            {urgent.map((issue) => (
              <IssueLine key={keyOf(issue)} issue={issue} onRows={onRows} urgent />
            ))}
          </section>
        )}
        {check.counts.map((count) => (
          <Counts key={`${count.sheet}-${count.target}`} count={count} onRows={onRows} />
        ))}
        {reminders.length > 0 && (
          <section className={styles.block}>
            <h3>{text('reminders')}</h3>
            {reminders.map((issue) => (
              <IssueLine key={keyOf(issue)} issue={issue} onRows={onRows} />
            ))}
          </section>
        )}
      </Spin>
      <Decisions view={view} plan={plan} forms={forms} onChange={onChange} />
    </aside>
  );
}

function keyOf(issue: ImportIssue): string {
  return `${issue.kind}-${issue.sheet}-${issue.subject}-${issue.message}`;
}

function Counts({ count, onRows }: { count: ImportCounts; onRows: (rows: RowsOf) => void }) {
  const text = useText();
  return (
    <section className={styles.block}>
      <h3>
        {count.sheet && `${count.sheet} → `}
        {count.formName}
      </h3>
      <div className={styles.counts}>
        {lines
          .filter((line) => line.key === 'willImport' || (count[line.key] ?? 0) > 0)
          .map((line) => (
            <button
              type="button"
              key={line.key}
              className={styles.count}
              aria-label={text('countAria', {
                form: count.formName,
                label: text(line.label),
                n: formatNumber(count[line.key] ?? 0),
              })}
              onClick={() =>
                onRows({
                  sheet: count.sheet,
                  target: count.target,
                  kind: line.kind,
                  title: `${count.formName} · ${text(line.label)}`,
                })
              }
            >
              <span className={styles.countNumber} style={{ color: `var(--ant-color-${line.tone}-text)` }}>
                {formatNumber(count[line.key] ?? 0)}
              </span>
              <span className={styles.countLabel}>{text(line.label)}</span>
            </button>
          ))}
      </div>
      <div className={styles.hint}>
        {[
          ...(count.updates ? [text('updatesN', { n: formatNumber(count.updates) })] : []),
          ...(count.skipped ? [`${text('countSkipped')} ${formatNumber(count.skipped)}`] : []),
        ].join(text('separator'))}
      </div>
    </section>
  );
}

function IssueLine({
  issue,
  onRows,
  urgent = false,
}: {
  issue: ImportIssue;
  onRows: (rows: RowsOf) => void;
  urgent?: boolean;
}) {
  const text = useText();
  return (
    <button
      type="button"
      className={urgent ? `${styles.issue} ${styles.urgent}` : styles.issue}
      onClick={() =>
        onRows({
          sheet: issue.sheet,
          kind: issue.kind,
          subject: issue.subject,
          title: text('rowsTitle', { kind: text(`kind_${issue.kind}`), subject: issue.subject }),
        })
      }
    >
      <span className={styles.issueText}>
        <strong>{issue.subject}</strong> {issue.message}
      </span>
      <span className="tabular">{formatNumber(issue.count)}</span>
      <RightOutlined className={styles.arrow ?? ''} />
    </button>
  );
}

function Decisions({ view, plan, forms, onChange }: Pick<Props, 'view' | 'plan' | 'forms' | 'onChange'>) {
  const text = useText();
  const members = useMembers();
  const { options } = plan;
  const issues = view.check?.issues ?? [];
  const people = peopleToPlace(issues);
  const set = (patch: Partial<Plan['options']>) => onChange({ ...plan, options: { ...options, ...patch } });
  const hasLinks = issues.some((issue) => issue.kind === 'ambiguousLink' || issue.kind === 'unknownLink');
  const personOf = (name: string) => {
    const id = options.people[name];
    const member = members.data?.find((item) => item.id === id);
    return member ? { id: member.id as string, label: member.name } : null;
  };
  const group = (kind: 'leaver' | 'unknownPerson', label: TextKey) => {
    const list = people.filter((person) => person.kind === kind);
    if (list.length === 0) return null;
    return (
      <div className={styles.decision}>
        <div className={styles.label}>{text(label)}</div>
        {list.map((person) => (
          <div key={person.name} className={styles.person}>
            <span className="ellipsis" title={person.name}>
              {person.name}{' '}
              <span className="muted tabular">{text('personRows', { n: formatNumber(person.count) })}</span>
            </span>
            <MemberPicker
              label={person.name}
              value={personOf(person.name)}
              placeholder={text('unassigned')}
              onChange={(member) =>
                set({ people: { ...options.people, [person.name]: (member?.id as MemberId | undefined) ?? null } })
              }
            />
          </div>
        ))}
      </div>
    );
  };
  return (
    <section className={styles.block}>
      <h3>{text('howTo')}</h3>
      <ModeChoice plan={plan} forms={forms} onChange={onChange} />
      <div className={styles.decision}>
        <div className={styles.label}>{text('duplicates')}</div>
        <Segmented
          block
          aria-label={text('duplicates')}
          value={options.duplicates}
          onChange={(duplicates) => set({ duplicates })}
          options={(['merge', 'skip', 'create'] as const).map((value) => ({
            value,
            label: text(`duplicates_${value}`),
          }))}
        />
        <div className={styles.hint}>{text(`duplicatesHint_${options.duplicates}`)}</div>
      </div>
      {group('leaver', 'people')}
      {group('unknownPerson', 'peopleUnknown')}
      {hasLinks && (
        <div className={styles.decision}>
          <div className={styles.label}>{text('ambiguous')}</div>
          <Select
            aria-label={text('ambiguous')}
            value={options.ambiguous}
            onChange={(ambiguous) => set({ ambiguous })}
            options={(['choose', 'owner', 'first', 'refuse'] as const).map((value) => ({
              value,
              label: text(`ambiguous_${value}`),
            }))}
            style={{ width: '100%' }}
          />
          <div className={styles.hint}>{text(`ambiguousHint_${options.ambiguous}`)}</div>
        </div>
      )}
      <div className={styles.decision}>
        <div className={styles.label}>{text('badCells')}</div>
        <Segmented
          block
          aria-label={text('badCells')}
          value={options.badCells}
          onChange={(badCells) => set({ badCells })}
          options={(['empty', 'refuse'] as const).map((value) => ({ value, label: text(`badCells_${value}`) }))}
        />
        <div className={styles.hint}>{text(`badCellsHint_${options.badCells}`)}</div>
      </div>
      <div className={styles.decision}>
        <div className={styles.label}>{text('onError')}</div>
        <Segmented
          block
          aria-label={text('onError')}
          value={options.onError}
          onChange={(onError) => set({ onError })}
          options={(['skip', 'abort'] as const).map((value) => ({ value, label: text(`onError_${value}`) }))}
        />
      </div>
      <FlowSwitch effects={view.check?.flowEffects} on={options.runFlows} onChange={(runFlows) => set({ runFlows })} />
    </section>
  );
}
