import { TreeSelect } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useDepartments } from '../api/queries.js';
import '../fields/i18n.js';
import { Named } from './named.js';
import type { PickerProps } from './picker-props.js';

interface Node {
  value: string;
  title: string;
  children: Node[];
}

/** Departments as a tree; one whose parent is missing stands at the top. */
export function departmentTree(list: readonly { id: string; name: string; parentId: string | null }[]): Node[] {
  const nodes = new Map<string, Node>(
    list.map((item) => [item.id, { value: item.id, title: item.name, children: [] }]),
  );
  const top: Node[] = [];
  for (const item of list) {
    const node = nodes.get(item.id);
    if (!node) continue;
    const parent = item.parentId ? nodes.get(item.parentId) : undefined;
    (parent?.children ?? top).push(node);
  }
  return top;
}

/** Chooses one department out of the tree. Answers `{id, label}`. */
export function DepartmentPicker(props: PickerProps) {
  const { value, onChange, id, label, placeholder, autoFocus, disabled, invalid, open, allowClear = true } = props;
  const { t } = useTranslation('fields');
  const departments = useDepartments();
  const tree = useMemo(() => departmentTree(departments.data ?? []), [departments.data]);
  return (
    <TreeSelect<{ value: string; label: string } | null>
      id={id ?? ''}
      aria-label={label}
      style={{ width: '100%' }}
      labelInValue
      value={value ? { value: value.id, label: value.label } : null}
      onChange={(next) => {
        const name = departments.data?.find((item) => item.id === next?.value)?.name;
        onChange(next ? { id: next.value, label: name ?? String(next.label) } : null);
      }}
      treeData={tree}
      treeTitleRender={(node) => <Named text={String(node.title)} />}
      treeDefaultExpandAll
      showSearch={{ treeNodeFilterProp: 'title' }}
      loading={departments.isPending}
      placeholder={placeholder ?? t('chooseDepartment')}
      notFoundContent={t('noMatch')}
      allowClear={allowClear}
      autoFocus={autoFocus ?? false}
      disabled={disabled ?? false}
      status={invalid ? 'error' : ''}
      {...(open ? { defaultOpen: true, popupMatchSelectWidth: 240 } : {})}
    />
  );
}
