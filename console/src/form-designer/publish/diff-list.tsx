import type { ReactNode } from 'react';
import { formatNumber } from '../../shared/format.js';
import { TypeIcon } from '../designer/type-icon.js';
import { useText } from '../i18n.js';
import type { DesignField } from '../model/design.js';
import { type ChangedField, type DesignDiff, isEmptyDiff } from '../model/diff.js';
import styles from './publish.module.css';

function Group({
  title,
  tone,
  children,
}: {
  title: string;
  tone: 'green' | 'gold' | 'red' | 'gray';
  children?: ReactNode;
}) {
  return (
    <section className={styles.group}>
      <h4 className={styles.groupTitle}>
        <span className={styles.dot} style={{ background: `var(--tint-${tone}-text)` }} />
        {title}
      </h4>
      {children && <ul className={styles.list}>{children}</ul>}
    </section>
  );
}

function Line({ field, children }: { field: DesignField; children: ReactNode }) {
  return (
    <li>
      <span className={styles.icon}>
        <TypeIcon type={field.type} />
      </span>
      <span>{children}</span>
    </li>
  );
}

type Values = Record<string, number | undefined>;

/** How many values of a removed field are lost; nothing where they are not counted. */
function Lost({ uid, values, rows = false }: { uid: string; values: Values | undefined; rows?: boolean }) {
  const text = useText();
  if (!values) return null;
  const n = values[uid];
  const said =
    n === undefined
      ? text('countingValues')
      : n === 0
        ? text('removedNoValues')
        : text(rows ? 'removedRowValues' : 'removedValues', { n: formatNumber(n) });
  return <span className="muted">{said}</span>;
}

function Changed({
  change: { before, after, aspects, rows },
  values,
}: {
  change: ChangedField;
  values?: Values | undefined;
}) {
  const text = useText();
  const told = aspects.filter((aspect) => aspect !== 'name' && aspect !== 'rows');
  const moved = rows && rows.added.length + rows.removed.length + rows.changed.length === 0;
  return (
    <>
      {before.name === after.name ? after.name : text('renamedField', { from: before.name, to: after.name })}
      {(told.length > 0 || moved) && (
        <span className="muted">
          {' '}
          {[...told.map((aspect) => text(`aspect_${aspect}`)), ...(moved ? [text('aspect_rows')] : [])].join(
            text('aspectSeparator'),
          )}
        </span>
      )}
      {rows && !moved && (
        <ul className={styles.rows} aria-label={text('diffRows', { name: after.name })}>
          {rows.added.map((field) => (
            <li key={field.uid}>{text('diffRowAdded', { name: field.name })}</li>
          ))}
          {rows.changed.map((change) => (
            <li key={change.after.uid}>
              <Changed change={change} />
            </li>
          ))}
          {rows.removed.map((field) => (
            <li key={field.uid} className={styles.gone}>
              {text('diffRowRemoved', { name: field.name })} <Lost uid={field.uid} values={values} rows />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/**
 * What a draft changes, in words.
 * @param values counts the records with a value of each removed field, rows for those of subforms
 * @param none said when nothing changes
 */
export function DiffList({ diff, values, none }: { diff: DesignDiff; values?: Values; none?: string }) {
  const text = useText();
  if (isEmptyDiff(diff)) return <p className="muted">{none ?? text('nothingToPublish')}</p>;
  return (
    <>
      {diff.added.length > 0 && (
        <Group tone="green" title={text('diffAdded', { n: diff.added.length })}>
          {diff.added.map((field) => (
            <Line key={field.uid} field={field}>
              {field.name}
            </Line>
          ))}
        </Group>
      )}
      {diff.changed.length > 0 && (
        <Group tone="gold" title={text('diffChanged', { n: diff.changed.length })}>
          {diff.changed.map((change) => (
            <Line key={change.after.uid} field={change.after}>
              <Changed change={change} values={values} />
            </Line>
          ))}
        </Group>
      )}
      {diff.removed.length > 0 && (
        <Group tone="red" title={text('diffRemoved', { n: diff.removed.length })}>
          {diff.removed.map((field) => (
            <Line key={field.uid} field={field}>
              {field.name} <Lost uid={field.uid} values={values} />
            </Line>
          ))}
        </Group>
      )}
      {diff.renamed && <Group tone="gray" title={text('diffRenamed', diff.renamed)} />}
      {diff.layout && <Group tone="gray" title={text('diffLayout')} />}
      {diff.settings && <Group tone="gray" title={text('diffSettings')} />}
    </>
  );
}
