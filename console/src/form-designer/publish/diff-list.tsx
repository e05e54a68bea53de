import type { ReactNode } from 'react';
import { formatNumber } from '../../shared/format.js';
import { TypeIcon } from '../designer/type-icon.js';
import { useText } from '../i18n.js';
import type { DesignField } from '../model/design.js';
import { type DesignDiff, isEmptyDiff } from '../model/diff.js';
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

/**
 * What a draft changes, in words.
 * @param values counts the records with a value of each removed field
 * @param none said when nothing changes
 */
export function DiffList({
  diff,
  values,
  none,
}: {
  diff: DesignDiff;
  values?: Record<string, number | undefined>;
  none?: string;
}) {
  const text = useText();
  const valueText = (uid: string) => {
    const n = values?.[uid];
    if (!values) return '';
    if (n === undefined) return text('countingValues');
    return n === 0 ? text('removedNoValues') : text('removedValues', { n: formatNumber(n) });
  };
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
          {diff.changed.map(({ before, after, aspects }) => (
            <Line key={after.uid} field={after}>
              {before.name === after.name ? after.name : text('renamedField', { from: before.name, to: after.name })}
              {aspects.some((aspect) => aspect !== 'name') && (
                <span className="muted">
                  {' '}
                  {aspects
                    .filter((aspect) => aspect !== 'name')
                    .map((aspect) => text(`aspect_${aspect}`))
                    .join(text('aspectSeparator'))}
                </span>
              )}
            </Line>
          ))}
        </Group>
      )}
      {diff.removed.length > 0 && (
        <Group tone="red" title={text('diffRemoved', { n: diff.removed.length })}>
          {diff.removed.map((field) => (
            <Line key={field.uid} field={field}>
              {field.name} <span className="muted">{valueText(field.uid)}</span>
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
