import type { PackagePart, PartChange } from '@lianke/shared/apps/package-api';
import { Button, Checkbox } from 'antd';
import { useText } from './i18n.js';
import styles from './packages.module.css';
import { partName } from './said.js';

const groups = [
  'conflict',
  'gone',
  'blocked',
  'create',
  'update',
  'kept',
  'dropped',
] as const satisfies readonly PartChange[];

/** What happens with every part: what people decide first, then what the package does, by form. */
export function PartGroups({
  parts,
  take,
  onTake,
}: {
  parts: readonly PackagePart[];
  take: readonly string[];
  onTake: (take: string[]) => void;
}) {
  const text = useText();
  return (
    <>
      {groups.map((change) => {
        const list = parts.filter((part) => part.change === change);
        if (list.length === 0) return null;
        const choosable = list.filter((part) => part.mayTake).map((part) => part.token);
        const all = choosable.length > 0 && choosable.every((token) => take.includes(token));
        const others = take.filter((token) => !choosable.includes(token));
        return (
          <section key={change} className={styles.card}>
            <div className={styles.head}>
              <h2>{text(`group_${change}`)}</h2>
              <span className={styles.grow} />
              {choosable.length > 1 && (
                <Button size="small" onClick={() => onTake(all ? others : [...others, ...choosable])}>
                  {text(all ? 'keepAll' : 'takeAll')}
                </Button>
              )}
            </div>
            {choosable.length > 0 ? (
              <ul className={styles.list}>
                {list.map((part) => (
                  <li key={part.token}>
                    <Checkbox
                      disabled={!part.mayTake}
                      checked={take.includes(part.token)}
                      aria-label={text('take', { name: part.name })}
                      onChange={(event) =>
                        onTake(
                          event.target.checked ? [...take, part.token] : take.filter((token) => token !== part.token),
                        )
                      }
                    >
                      <PartLine part={part} />
                    </Checkbox>
                  </li>
                ))}
              </ul>
            ) : (
              <ByForm parts={list} />
            )}
          </section>
        );
      })}
    </>
  );
}

function PartLine({ part }: { part: PackagePart }) {
  const text = useText();
  return (
    <>
      {part.of && <span className="muted">{text('inForm', { name: part.of })} </span>}
      {text('list', { kind: text(`kind_${part.kind}`), names: partName(text, part) })}
      {part.note && <div className={styles.note}>{part.note}</div>}
    </>
  );
}

/** Parts under their forms, a line a kind; what is said of one stands below it. */
function ByForm({ parts }: { parts: readonly PackagePart[] }) {
  const text = useText();
  const own = (part: PackagePart) => (part.kind === 'form' ? part.name : part.of);
  const forms = [...new Set(parts.map(own))];
  return (
    <ul className={styles.list}>
      {forms.map((form) => {
        const list = parts.filter((part) => own(part) === form);
        const kinds = [...new Set(list.map((part) => part.kind))].filter((kind) => kind !== 'form');
        const noted = list.filter((part) => part.note);
        return (
          <li key={form ?? ''}>
            {form && <strong>{text('inForm', { name: form })}</strong>}
            {kinds.map((kind) => (
              <div key={kind} className={form ? styles.within : ''}>
                {text('list', {
                  kind: text(`kind_${kind}`),
                  names: list
                    .filter((part) => part.kind === kind)
                    .map((part) => partName(text, part))
                    .join(text('and')),
                })}
              </div>
            ))}
            {noted.map((part) => (
              <div key={part.token} className={`${styles.note} ${form ? styles.within : ''}`}>
                {text('leftOf', { of: partName(text, part), what: part.note ?? '' })}
              </div>
            ))}
          </li>
        );
      })}
    </ul>
  );
}
