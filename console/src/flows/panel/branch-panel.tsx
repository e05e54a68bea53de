import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { conditionForm } from '../model/conditions.js';
import { triggerId } from '../model/graph.js';
import { formOfSource } from '../model/words.js';
import { FilterField } from './filter-field.js';
import type { StepProps } from './step-parts.js';

type Case = StepProps<'branch'>['node']['cases'][number];

const mostCases = 20;

/** 条件分支: cases from top to bottom, each a name and its condition. */
export function BranchPanel({ node, onChange, speaker }: StepProps<'branch'>) {
  const { t } = useTranslation('flows');
  const start = formOfSource(speaker, triggerId);
  const form = conditionForm(speaker, node.id);
  const setAll = (cases: Case[], merge?: string) => onChange({ ...node, cases }, merge);
  const set = (next: Case, merge?: string) =>
    setAll(
      node.cases.map((item) => (item.id === next.id ? next : item)),
      merge,
    );
  const move = (index: number, by: -1 | 1) => {
    const cases = [...node.cases];
    const [item] = cases.splice(index, 1);
    if (item) cases.splice(index + by, 0, item);
    setAll(cases);
  };
  const add = () => {
    let number = node.cases.length + 1;
    while (node.cases.some((item) => item.id === `c${number}`)) number++;
    setAll([...node.cases, { id: `c${number}`, name: '', filter: { and: [] } }]);
  };
  return (
    <Labelled
      group
      label={t('panel.cases')}
      hint={
        <>
          {t('panel.caseOrder')}
          <br />
          {start && t('panel.caseNow', { form: start.name })}
        </>
      }
    >
      {node.cases.map((item, index) => (
        <div className="panel-box" key={item.id}>
          <div className="panel-row">
            <Input
              className="grow"
              aria-label={t('panel.caseName')}
              placeholder={t('port.case', { n: index + 1 })}
              value={item.name}
              maxLength={40}
              onChange={(event) => set({ ...item, name: event.target.value }, `case:${item.id}`)}
            />
            <Button
              type="text"
              size="small"
              icon={<ArrowUpOutlined />}
              aria-label={t('panel.moveUp')}
              disabled={index === 0}
              onClick={() => move(index, -1)}
            />
            <Button
              type="text"
              size="small"
              icon={<ArrowDownOutlined />}
              aria-label={t('panel.moveDown')}
              disabled={index === node.cases.length - 1}
              onClick={() => move(index, 1)}
            />
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={t('panel.removeCase')}
              disabled={node.cases.length === 1}
              onClick={() => setAll(node.cases.filter((other) => other !== item))}
            />
          </div>
          {form && (
            <FilterField
              form={form}
              value={item.filter}
              emptyText={t('fault.noFilter')}
              onChange={(filter) => set({ ...item, filter: filter ?? { and: [] } }, `filter:${item.id}`)}
            />
          )}
        </div>
      ))}
      {node.cases.length < mostCases && (
        <Button type="link" size="small" icon={<PlusOutlined />} onClick={add}>
          {t('panel.addCase')}
        </Button>
      )}
    </Labelled>
  );
}
