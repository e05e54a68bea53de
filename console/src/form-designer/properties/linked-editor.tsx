import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { isDerived, shownAs } from '@lianke/shared/fields/derived';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { parentPrefix } from '@lianke/shared/forms/deciders';
import type { DefaultValue } from '@lianke/shared/forms/definition';
import { Button, Select } from 'antd';
import { useForms } from '../../api/queries.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import type { DesignField } from '../model/design.js';
import { Prop } from './prop.js';
import styles from './properties.module.css';

type Link = Extract<DefaultValue, { kind: 'linked' }>;
type Like = Pick<DesignField, 'type' | 'config'>;

const refersTo = (field: Like) => (field.config.formId as string | undefined) ?? '';

/** Whether a value of `own` can be looked for in `other`: the same kind, or a list of it. */
export function comparable(own: Like, other: Like): boolean {
  const [a, b] = [shownAs(own), shownAs(other)];
  const [here, there] = [fieldTypes[a.type], fieldTypes[b.type]];
  if (here.storage.endsWith('[]') || here.storage === 'jsonb') return false;
  if (here.storage !== there.storage.replace('[]', '') || here.refers !== there.refers) return false;
  return here.refers !== 'record' || refersTo(a) === refersTo(b);
}

/** Whether a value of `take` can be put into `field`. */
export function fits(field: Like, take: Like): boolean {
  const of = shownAs(take);
  const [to, from] = [fieldTypes[field.type], fieldTypes[of.type]];
  if (to.refers !== from.refers) return false;
  if (to.refers === 'record' && refersTo(field) !== refersTo(of)) return false;
  return to.storage === from.storage || (['text', 'longText'].includes(field.type) && from.storage === 'text');
}

interface Props {
  field: DesignField;
  link: Link;
  onChange: (link: Link) => void;
}

/** 数据联动 as a sentence: when these fields are equal, take that field of the other form. */
export function LinkedEditor({ field, link, onChange }: Props) {
  const text = useText();
  const { design, around } = useDesigner();
  const forms = useForms();
  const target = forms.data?.find((form) => form.id === link.formId);
  const mineOnly = Object.values(design.fields).filter((item) => item.uid !== field.uid && item.name.trim() !== '');
  // Rows may look at the record they belong to as well.
  const above = Object.values(around?.fields ?? {})
    .filter((item) => item.name.trim() !== '' && item.type !== 'subform' && !item.system && !isDerived(item.type))
    .map((item) => ({ ...item, uid: `${parentPrefix}${item.uid}`, name: text('linkedAbove', { name: item.name }) }));
  const own = [...mineOnly, ...above];
  const theirs = (target?.fields ?? []) as readonly (Like & { id: string; name: string })[];
  const set = (at: number, pair: { field: string; own: string }) =>
    onChange({ ...link, match: link.match.map((item, index) => (index === at ? pair : item)) });
  return (
    <div className={styles.linked}>
      <Prop label={text('linkedForm')}>
        <Select
          value={target?.id}
          status={target ? '' : 'warning'}
          placeholder={text('chooseForm')}
          showSearch={{ optionFilterProp: 'label' }}
          loading={forms.isPending}
          onChange={(formId) => {
            const relation = own.find((item) => item.type === 'relation' && item.config.formId === formId);
            onChange({
              kind: 'linked',
              formId,
              match: [relation ? { field: 'id', own: relation.uid } : { field: '', own: '' }],
              take: '',
            });
          }}
          options={(forms.data ?? []).map((form) => ({ value: form.id, label: form.name }))}
          style={{ width: '100%' }}
        />
      </Prop>
      {target && (
        <>
          {link.match.map((pair, at) => {
            const mine = own.find((item) => item.uid === pair.own);
            const itself = mine?.type === 'relation' && mine.config.formId === target.id;
            const choices = [
              ...(itself ? [{ value: 'id', label: text('linkedItself', { name: target.name }) }] : []),
              ...theirs
                .filter((item) => !mine || comparable(mine, item))
                .map((item) => ({ value: item.id, label: item.name })),
            ];
            return (
              // Conditions have no identity but their place.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <div key={at} className={styles.linkedPair}>
                <Select
                  aria-label={text('linkedOwn')}
                  value={pair.own || undefined}
                  placeholder={text('linkedOwn')}
                  status={pair.own ? '' : 'warning'}
                  onChange={(uid) => set(at, { field: '', own: uid })}
                  options={own
                    .filter((item) => !fieldTypes[item.type].storage.endsWith('[]'))
                    .map((item) => ({ value: item.uid, label: item.name }))}
                />
                <span>=</span>
                <Select
                  aria-label={text('linkedTheirs')}
                  value={pair.field || undefined}
                  placeholder={text('linkedTheirs')}
                  status={pair.field ? '' : 'warning'}
                  onChange={(ref) => set(at, { ...pair, field: ref })}
                  options={choices}
                />
                {link.match.length > 1 && (
                  <Button
                    type="text"
                    size="small"
                    icon={<DeleteOutlined />}
                    aria-label={text('remove')}
                    onClick={() => onChange({ ...link, match: link.match.filter((_, index) => index !== at) })}
                  />
                )}
              </div>
            );
          })}
          {link.match.length < 5 && (
            <Button
              type="link"
              size="small"
              icon={<PlusOutlined />}
              onClick={() => onChange({ ...link, match: [...link.match, { field: '', own: '' }] })}
            >
              {text('linkedAdd')}
            </Button>
          )}
          <Prop label={text('linkedTake')} hint={text('linkedHint')}>
            <Select
              value={link.take || undefined}
              placeholder={text('choose')}
              status={link.take ? '' : 'warning'}
              onChange={(take) => onChange({ ...link, take })}
              options={theirs.filter((item) => fits(field, item)).map((item) => ({ value: item.id, label: item.name }))}
              style={{ width: '100%' }}
            />
          </Prop>
        </>
      )}
    </div>
  );
}
