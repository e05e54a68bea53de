import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import type { CascaderOption } from '@lianke/shared/fields/cascader/schema';
import type { Territory } from '@lianke/shared/flows/nodes/data';
import { coveredAreas, territoryFields } from '@lianke/shared/flows/territories';
import { Button, Cascader, Select } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FormView, type ReadField, useDepartments } from '../../api/queries.js';
import { choicesOf } from '../../fields/cascader.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { MembersPicker } from '../../shared/member-picker.js';
import { fieldOf } from '../model/sources.js';
import type { StepProps } from './step-parts.js';

type Node = StepProps<'assign'>['node'];

/** By which field records lie in territories, and the table of these, read from the top. */
export function TerritoryTable({
  node,
  form,
  onChange,
}: {
  node: Node;
  form: FormView;
  onChange: (node: Node) => void;
}) {
  const { t } = useTranslation('flows');
  const field = fieldOf(form, node.by ?? '');
  const rows = node.territories ?? [];
  const choices = form.fields.filter((item) => territoryFields.includes(item.type));
  const covered = field ? coveredAreas(field.type, rows) : [];
  const put = (territories: Territory[]) => onChange({ ...node, territories });
  const change = (id: string, what: Partial<Territory>) =>
    put(rows.map((row) => (row.id === id ? { ...row, ...what } : row)));
  const move = (index: number, by: number) => {
    const next = [...rows];
    const [row] = next.splice(index, 1);
    if (row) next.splice(index + by, 0, row);
    put(next);
  };
  return (
    <>
      <Labelled label={t('more.territoryBy')} hint={t('more.territoryByHint')}>
        <Select<string>
          aria-label={t('more.territoryBy')}
          style={{ width: '100%' }}
          value={field?.id ?? null}
          status={field ? '' : 'error'}
          notFoundContent={t('more.territoryNoField')}
          onChange={(by) => onChange({ ...node, by, territories: [] })}
          options={choices.map((item) => ({ value: item.id as string, label: item.name }))}
        />
      </Labelled>
      {field && (
        <Labelled group label={t('more.territories')} hint={t('more.territoriesHint')}>
          {rows.map((row, index) => (
            <div className="panel-box" key={row.id}>
              <div className="panel-row">
                <b className="grow">{t('more.territoryRow', { n: index + 1 })}</b>
                <Button
                  type="text"
                  size="small"
                  icon={<ArrowUpOutlined />}
                  aria-label={t('more.territoryUp', { n: index + 1 })}
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                />
                <Button
                  type="text"
                  size="small"
                  icon={<ArrowDownOutlined />}
                  aria-label={t('more.territoryDown', { n: index + 1 })}
                  disabled={index === rows.length - 1}
                  onClick={() => move(index, 1)}
                />
                <Button
                  type="text"
                  size="small"
                  icon={<DeleteOutlined />}
                  aria-label={t('more.territoryRemove', { n: index + 1 })}
                  onClick={() => put(rows.filter((item) => item.id !== row.id))}
                />
              </div>
              <Areas
                field={field}
                label={t('more.territoryAreas', { n: index + 1 })}
                value={row.areas}
                invalid={row.areas.length === 0 || covered.some((item) => item.row === index)}
                onChange={(areas) => change(row.id, { areas })}
              />
              <People
                row={row}
                label={t('more.territoryWho', { n: index + 1 })}
                onChange={(what) => change(row.id, what)}
              />
            </div>
          ))}
          <Button
            type="dashed"
            block
            icon={<PlusOutlined />}
            onClick={() => put([...rows, { id: freshRow(rows), areas: [], members: [], departments: [] }])}
          >
            {t('more.territoryAdd')}
          </Button>
        </Labelled>
      )}
    </>
  );
}

function freshRow(rows: readonly Territory[]): string {
  for (let n = rows.length + 1; ; n++) if (!rows.some((row) => row.id === `t${n}`)) return `t${n}`;
}

interface AreasProps {
  field: ReadField;
  label: string;
  value: readonly string[];
  invalid: boolean;
  onChange: (areas: string[]) => void;
}

/** Places of an address field, or choices of a select. Whatever is chosen stands for all that lies in it. */
function Areas({ field, label, value, invalid, onChange }: AreasProps) {
  const { t } = useTranslation('flows');
  const regions = useRegionTree(field.type === 'address');
  const own = choicesOf(field);
  const usual = {
    'aria-label': label,
    style: { width: '100%' },
    placeholder: t('more.territoryPick'),
    status: invalid ? ('error' as const) : ('' as const),
  };
  if (field.type === 'select')
    return (
      <Select<string[]>
        {...usual}
        mode="multiple"
        value={[...value]}
        onChange={onChange}
        showSearch={{ optionFilterProp: 'label' }}
        options={own.map((option) => ({ value: option.id, label: option.label }))}
      />
    );
  return (
    <Cascader<CascaderOption>
      {...usual}
      multiple
      maxTagCount="responsive"
      showCheckedStrategy={Cascader.SHOW_PARENT}
      options={field.type === 'address' ? regions : own}
      fieldNames={{ label: 'label', value: 'id', children: 'children' }}
      value={value.map((area) => area.split('/'))}
      onChange={(paths: unknown) => onChange((paths as string[][]).map((path) => path.join('/')))}
      showSearch={{ filter: (text, path) => path.some((item) => item.label.includes(text)) }}
    />
  );
}

/** Provinces, cities and districts, once they are asked for. */
function useRegionTree(wanted: boolean): CascaderOption[] {
  const [regions, setRegions] = useState<typeof import('@lianke/shared/fields/address/regions')>();
  useEffect(() => {
    if (wanted) void import('@lianke/shared/fields/address/regions').then(setRegions);
  }, [wanted]);
  return useMemo(() => {
    const node = (id: string, children: CascaderOption[]): CascaderOption =>
      children.length > 0 ? { id, label: id, children } : { id, label: id };
    return (regions?.provinces() ?? []).map((province) =>
      node(
        province,
        (regions?.citiesOf(province) ?? []).map((city) =>
          node(
            city,
            (regions?.districtsOf(province, city) ?? []).map((district) => node(district, [])),
          ),
        ),
      ),
    );
  }, [regions]);
}

function People({
  row,
  label,
  onChange,
}: {
  row: Territory;
  label: string;
  onChange: (what: Partial<Territory>) => void;
}) {
  const { t } = useTranslation('flows');
  const departments = useDepartments();
  return (
    <>
      <MembersPicker value={row.members} label={label} onChange={(members) => onChange({ members })} />
      <Select<string[]>
        mode="multiple"
        aria-label={`${label} ${t('more.territoryDepartments')}`}
        style={{ width: '100%' }}
        placeholder={t('more.territoryDepartments')}
        value={row.departments}
        onChange={(ids) => onChange({ departments: ids })}
        showSearch={{ optionFilterProp: 'label' }}
        options={(departments.data ?? []).map((item) => ({ value: item.id as string, label: item.name }))}
      />
    </>
  );
}
