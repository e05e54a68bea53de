import type { FieldUse, FieldUseKind } from '@lianke/shared/forms/versions';
import { Link } from 'react-router-dom';
import { useText } from '../i18n.js';
import { type DesignDiff, lostFields, touchedFields } from '../model/diff.js';
import styles from './publish.module.css';

/** Where a use is looked after; undefined for what has no page of its own. */
function pageOf({ kind, appId, formId, id }: FieldUse): string | undefined {
  if (kind === 'role') return '/admin/roles';
  if (kind === 'apiKey') return '/admin/api-keys';
  if (!appId) return undefined;
  const form = `/apps/${appId}/forms/${formId}`;
  switch (kind) {
    case 'view':
      return `${form}?view=${id}`;
    case 'flow':
      return `/apps/${appId}/flows/${id}`;
    case 'dashboard':
      return `/apps/${appId}/dashboards/${id}`;
    case 'import':
      return `/apps/${appId}/import?id=${id}`;
    case 'importMapping':
      return `/apps/${appId}/import`;
    case 'print':
    case 'publicForm':
      return `${form}/manage/links`;
    case 'duplicateRule':
      return `${form}/manage/duplicates`;
    case 'derived':
    case 'link':
      return `${form}/manage/design`;
    default:
      return undefined;
  }
}

const order: readonly FieldUseKind[] = [
  'derived',
  'rule',
  'check',
  'setting',
  'link',
  'view',
  'flow',
  'dashboard',
  'role',
  'import',
  'importMapping',
  'print',
  'publicForm',
  'apiKey',
  'duplicateRule',
];

/** What uses the fields that publishing changes or removes, by kind, each with the way to it. */
export function ImpactList({
  uses,
  diff,
  onLeave,
}: {
  uses: FieldUse[];
  diff: Pick<DesignDiff, 'removed' | 'changed'>;
  onLeave: () => void;
}) {
  const text = useText();
  if (uses.length === 0) return <>{text('impactNone')}</>;
  const names = touchedFields(diff);
  const removed = new Set<string | undefined>(lostFields(diff).map(({ field }) => field.id));
  const groups = order.flatMap((kind) => {
    const list = uses.filter((use) => use.kind === kind);
    return list.length > 0 ? [{ kind, list }] : [];
  });
  return (
    <>
      <strong>
        {text('impact', {
          list: groups.map(({ kind, list }) => text(`impact_${kind}`, { n: list.length })).join(text('listSeparator')),
        })}
      </strong>
      <ul className={styles.uses} aria-label={text('impactList')}>
        {groups.flatMap(({ kind, list }) =>
          list.map((use) => {
            const page = pageOf(use);
            const breaks = use.fields.some((field) => removed.has(field));
            return (
              <li key={`${kind}-${use.id}-${use.name}`}>
                <span className="muted">{text(`use_${kind}`)}</span>{' '}
                {page ? (
                  <Link to={page} onClick={onLeave}>
                    {use.name}
                  </Link>
                ) : (
                  use.name
                )}
                <span className="muted">
                  {' '}
                  {text('usesFields', {
                    list: use.fields.map((id) => names.get(id) ?? id).join(text('aspectSeparator')),
                  })}
                </span>
                {breaks && <span style={{ color: 'var(--ant-color-error)' }}> {text('useBreaks')}</span>}
              </li>
            );
          }),
        )}
      </ul>
    </>
  );
}
