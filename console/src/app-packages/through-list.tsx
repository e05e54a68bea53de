import type { ThroughItem } from '@lianke/shared/apps/package-api';
import { Button } from 'antd';
import { useTypeLabel } from '../form-designer/use-type-label.js';
import { type Text, useText } from './i18n.js';
import styles from './packages.module.css';

/** What relates to other apps' forms or reads their fields: what comes, and what each of the rest still needs. */
export function ThroughList({ items, onAgain }: { items: readonly ThroughItem[]; onAgain: () => void }) {
  const text = useText();
  if (items.length === 0) return null;
  const [coming, staying] = [items.filter((item) => item.comes), items.filter((item) => !item.comes)];
  return (
    <section className={styles.card}>
      <div className={styles.head}>
        <h2>{text('throughTitle')}</h2>
        <span className={styles.grow} />
        {staying.some((item) => item.lacks.length > 0) && (
          <Button size="small" onClick={onAgain}>
            {text('throughAgain')}
          </Button>
        )}
      </div>
      {staying.length > 0 && (
        <>
          <span className="muted">{text('throughStays')}</span>
          <ul className={styles.list}>
            {staying.map((item) => (
              <li key={keyOf(item)}>
                {itemText(text, item)}
                <Reasons item={item} />
              </li>
            ))}
          </ul>
        </>
      )}
      {coming.length > 0 && (
        <>
          <span className="muted">{text('throughComes')}</span>
          <ul className={styles.list}>
            {coming.map((item) => (
              <li key={keyOf(item)}>{itemText(text, item)}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const keyOf = ({ kind, name, of }: ThroughItem) => `${kind}/${of}/${name}`;

function itemText(text: Text, { kind, name, of }: ThroughItem): string {
  const what = text(`through_${kind}`, { name });
  return of === null ? what : text('leftOf', { of, what });
}

/** How each of what is missing can be mended. */
function Reasons({ item: { unnamed, lacks } }: { item: ThroughItem }) {
  const text = useText();
  const typeLabel = useTypeLabel();
  const reasons = [
    ...(unnamed.length > 0
      ? [text('lacksForm', { names: unnamed.map((name) => text('outside', { name })).join(text('and')) })]
      : []),
    ...lacks.map(({ form, field, type, option, to }) => {
      if (option !== null) return text('lacksOption', { form, field, option });
      if (to !== null) return text('lacksRelation', { form, field, to });
      return text('lacksField', { form, field, type: typeLabel(type) });
    }),
  ];
  const told = reasons.length > 0 ? reasons : [text('lacksOther')];
  return told.map((reason) => (
    <div key={reason} className={`${styles.note} ${styles.within}`}>
      {reason}
    </div>
  ));
}
