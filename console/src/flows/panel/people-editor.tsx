import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import type { PersonExpr, ValueRef } from '@lianke/shared/flows/values';
import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FormView, ReadField } from '../../api/queries.js';
import { MembersPicker } from '../../shared/member-picker.js';
import { refChoices, type Source } from '../model/sources.js';
import { useRoles } from '../model/use-speaker.js';
import { RefSelect } from './ref-select.js';
import '../approval/words.js';

const kinds = [
  ...(['field', 'managerOf', 'departmentHead', 'managerChain'] as const),
  ...(['starter', 'member', 'role', 'formula', 'choice'] as const),
];
type Kind = PersonExpr['kind'];

const isMember = (field: ReadField | undefined) => field?.type === 'member';
/** A relation stands for the owner of its record, a department for its head. */
const isPeople = (field: ReadField | undefined) =>
  ['member', 'members', 'department', 'relation'].includes(field?.type ?? '');
const isMemberOrDepartment = (field: ReadField | undefined) => isMember(field) || field?.type === 'department';

interface Props {
  people: readonly PersonExpr[];
  onChange: (people: PersonExpr[]) => void;
  sources: readonly Source[];
  forms: readonly FormView[];
  /** What the list is called: 收件人, 审批人. */
  label: string;
  /** Only an approval can let its starter choose. */
  approval?: boolean;
}

/** A list of who: members, a role, a member field of a record before this step, the starter, or somebody's manager. */
export function PeopleEditor({ people, onChange, sources, forms, label, approval = false }: Props) {
  const { t } = useTranslation('flows');
  const first = refChoices(sources, forms, isMember, (name) => name)[0]?.ref;
  const start = (kind: Kind): PersonExpr => {
    const ref: ValueRef = first ?? { source: 'trigger', path: 'owner' };
    switch (kind) {
      case 'member':
        return { kind, ids: [] };
      case 'role':
        return { kind, roleId: '' };
      case 'field':
        return { kind, ref };
      case 'starter':
        return { kind };
      case 'managerOf':
        return { kind, of: { kind: 'field', ref }, level: 1 };
      case 'managerChain':
        return { kind, of: { kind: 'starter' }, levels: 3 };
      case 'departmentHead':
        return { kind, of: { kind: 'starter' }, level: 0 };
      case 'formula':
        return { kind, formula: '' };
      case 'choice':
        return { kind };
    }
  };
  const set = (index: number, person: PersonExpr) => onChange(people.map((item, at) => (at === index ? person : item)));
  return (
    <>
      {people.map((person, index) => (
        // People of a list have no identity but their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div className="panel-box" key={index}>
          <div className="panel-row">
            <Select<Kind>
              className="grow"
              aria-label={`${label} ${t('panel.person')}`}
              value={person.kind}
              onChange={(kind) => set(index, start(kind))}
              options={kinds
                .filter((kind) => approval || kind !== 'choice')
                .map((kind) => ({ value: kind, label: t(`panel.personKind.${kind}`) }))}
            />
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t('panel.removePerson')}
              onClick={() => onChange(people.filter((_, at) => at !== index))}
            />
          </div>
          <PersonDetail person={person} onChange={(next) => set(index, next)} sources={sources} forms={forms} />
        </div>
      ))}
      {people.length < 10 && (
        <Button
          type="link"
          size="small"
          icon={<PlusOutlined />}
          onClick={() => onChange([...people, start(first ? 'field' : 'starter')])}
        >
          {t('panel.addPerson', { label })}
        </Button>
      )}
    </>
  );
}

function PersonDetail({
  person,
  onChange,
  sources,
  forms,
}: {
  person: PersonExpr;
  onChange: (person: PersonExpr) => void;
  sources: readonly Source[];
  forms: readonly FormView[];
}) {
  const { t } = useTranslation('flows');
  const { t: a } = useTranslation('approvals');
  const roles = useRoles();
  const field = (ref: ValueRef | undefined, pick: (ref: ValueRef) => void, accepts = isMember) => (
    <RefSelect
      sources={sources}
      forms={forms}
      value={ref}
      accepts={accepts}
      label={t('panel.pickField')}
      placeholder={t('panel.pickField')}
      onChange={pick}
    />
  );
  switch (person.kind) {
    case 'member':
      return (
        <MembersPicker
          value={person.ids}
          label={t('panel.pickMembers')}
          placeholder={t('panel.pickMembers')}
          onChange={(ids) => onChange({ kind: 'member', ids })}
        />
      );
    case 'role':
      return (
        <Select<string>
          aria-label={t('panel.pickRole')}
          placeholder={t('panel.pickRole')}
          value={person.roleId || null}
          loading={roles.isPending}
          onChange={(roleId) => onChange({ kind: 'role', roleId })}
          options={(roles.data ?? []).map((role) => ({ value: role.id as string, label: role.name }))}
        />
      );
    case 'field':
      return field(person.ref, (ref) => onChange({ kind: 'field', ref }), isPeople);
    case 'starter':
      return null;
    case 'formula':
      return (
        <>
          <Input.TextArea
            aria-label={a('formula')}
            autoSize={{ minRows: 1, maxRows: 4 }}
            maxLength={2000}
            value={person.formula}
            onChange={(event) => onChange({ ...person, formula: event.target.value })}
          />
          <span className="muted" style={{ fontSize: 13 }}>
            {a('formulaHint')}
          </span>
        </>
      );
    case 'choice':
      return (
        <MembersPicker
          value={person.from ?? []}
          label={a('chooseFrom')}
          placeholder={a('chooseFrom')}
          onChange={(from) => onChange(from.length > 0 ? { kind: 'choice', from } : { kind: 'choice' })}
        />
      );
    case 'managerOf':
    case 'managerChain':
    case 'departmentHead':
      return (
        <>
          <Select<'field' | 'starter'>
            aria-label={t('panel.managerOf')}
            value={person.of.kind}
            onChange={(kind) =>
              onChange({
                ...person,
                of: kind === 'starter' ? { kind } : { kind, ref: { source: 'trigger', path: 'owner' } },
              })
            }
            options={(['field', 'starter'] as const).map((kind) => ({
              value: kind,
              label: t(`panel.personKind.${kind}`),
            }))}
          />
          {person.of.kind === 'field' &&
            field(
              person.of.ref,
              (ref) => onChange({ ...person, of: { kind: 'field', ref } }),
              person.kind === 'departmentHead' ? isMemberOrDepartment : isMember,
            )}
          <LevelSelect person={person} onChange={onChange} />
        </>
      );
  }
}

/** How many steps up: of managers, of a chain of them, of departments. */
function LevelSelect({
  person,
  onChange,
}: {
  person: Extract<PersonExpr, { kind: 'managerOf' | 'managerChain' | 'departmentHead' }>;
  onChange: (person: PersonExpr) => void;
}) {
  const { t } = useTranslation('flows');
  const { t: a } = useTranslation('approvals');
  const levels = [1, 2, 3, 4, 5];
  switch (person.kind) {
    case 'managerOf':
      return (
        <Select<number>
          aria-label={t('panel.level')}
          value={person.level}
          onChange={(level) => onChange({ ...person, level })}
          options={levels.map((level) => ({
            value: level,
            label: level === 1 ? t('panel.levelDirect') : t('panel.levelN', { n: level }),
          }))}
        />
      );
    case 'managerChain':
      return (
        <Select<number>
          aria-label={a('chainLevels')}
          value={person.levels}
          onChange={(count) => onChange({ ...person, levels: count })}
          options={levels.map((level) => ({ value: level, label: t('panel.levelN', { n: level }) }))}
        />
      );
    case 'departmentHead':
      return (
        <Select<number>
          aria-label={a('headLevel')}
          value={person.level}
          onChange={(level) => onChange({ ...person, level })}
          options={[0, ...levels].map((level) => ({
            value: level,
            label: level === 0 ? a('headOwn') : a('headUp', { n: level }),
          }))}
        />
      );
  }
}
