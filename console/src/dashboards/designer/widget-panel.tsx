import { DeleteOutlined } from '@ant-design/icons';
import type { Widget, WidgetType } from '@lianke/shared/dashboards/definition';
import { behaviourOf } from '@lianke/shared/fields/encrypted';
import { groupUnits } from '@lianke/shared/time/zone';
import { Button, Input, InputNumber, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { FilterBuilder } from '../../shared/filter-builder.js';
import { useFilterFields } from '../../shared/filter-fields.js';
import { fieldOf, refOf } from '../../shared/filter-model.js';
import {
  asType,
  type ChartWidget,
  dimensionOf,
  groupable,
  isChart,
  isTemporal,
  type ListWidget,
  onForm,
  widgetTypes,
} from '../model/widgets.js';
import { useWidgetWords } from '../widgets/widget-words.js';
import { MeasureField } from './measure-field.js';
import { TargetField } from './target-field.js';
import { WidgetIcon } from './widget-icons.js';

interface Props {
  widget: Widget | undefined;
  forms: readonly FormView[];
  onChange: (widget: Widget, merge?: string) => void;
  onRemove: (id: string) => void;
  /** What stands here while no component is selected. */
  page: ReactNode;
}

/** The properties of the selected component, or of the page. */
export function WidgetPanel({ widget, forms, onChange, onRemove, page }: Props) {
  const { t } = useTranslation('dashboards');
  return (
    <aside className="designer-panel" aria-label={t('designer.properties')}>
      <div className="designer-panel-head">
        {widget && <WidgetIcon type={widget.type} />}
        <span style={{ flex: 1 }}>{widget ? t(`type.${widget.type}`) : t('designer.properties')}</span>
        {widget && (
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('designer.remove')}
            onClick={() => onRemove(widget.id)}
          />
        )}
      </div>
      <div className="designer-panel-body" key={widget?.id}>
        {widget ? (
          <Fields widget={widget} forms={forms} onChange={onChange} />
        ) : (
          <>
            <p className="muted">{t('designer.none')}</p>
            {page}
          </>
        )}
      </div>
    </aside>
  );
}

function Fields({ widget, forms, onChange }: { widget: Widget } & Pick<Props, 'forms' | 'onChange'>) {
  const { t } = useTranslation('dashboards');
  const form = forms.find((item) => item.id === widget.formId);
  const words = useWidgetWords(widget.title ? { ...widget, title: '' } : widget, form);
  return (
    <>
      <Labelled label={t('designer.title')}>
        {(id) => (
          <Input
            aria-labelledby={id}
            value={widget.title}
            placeholder={words.title}
            maxLength={40}
            onChange={(event) => onChange({ ...widget, title: event.target.value }, `title:${widget.id}`)}
          />
        )}
      </Labelled>
      <Labelled label={t('designer.kind')}>
        {(id) => (
          <Select<WidgetType>
            aria-labelledby={id}
            style={{ width: '100%' }}
            value={widget.type}
            onChange={(type) => {
              if (form) onChange(asType(widget, type, form));
            }}
            options={widgetTypes.map((type) => ({ value: type, label: t(`type.${type}`) }))}
          />
        )}
      </Labelled>
      <Labelled label={t('designer.source')}>
        {(id) => (
          <Select<string>
            aria-labelledby={id}
            style={{ width: '100%' }}
            value={form?.id ?? null}
            status={form ? '' : 'error'}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(formId) => {
              const next = forms.find((item) => item.id === formId);
              if (next) onChange(onForm(widget, next));
            }}
            options={forms.map((item) => ({ value: item.id as string, label: item.name, title: item.name }))}
          />
        )}
      </Labelled>
      {form && isChart(widget) && <DimensionFields widget={widget} form={form} onChange={onChange} />}
      {form && widget.type !== 'list' && (
        <Labelled label={t('designer.measure')}>
          {(id) => (
            <MeasureField
              labelId={id}
              form={form}
              value={widget.measure}
              onChange={(measure) => onChange({ ...widget, measure })}
            />
          )}
        </Labelled>
      )}
      {widget.type === 'metric' && (
        <Labelled label={t('designer.metricUnit')}>
          {(id) => (
            <Input
              aria-labelledby={id}
              value={widget.unit ?? ''}
              maxLength={10}
              placeholder={t('designer.metricUnitHint')}
              onChange={(event) => {
                const { unit: _, ...rest } = widget;
                onChange(event.target.value ? { ...rest, unit: event.target.value } : rest, `unit:${widget.id}`);
              }}
            />
          )}
        </Labelled>
      )}
      {widget.type === 'metric' && <TargetField widget={widget} onChange={onChange} />}
      {form && widget.type === 'list' && <ListFields widget={widget} form={form} onChange={onChange} />}
      {form && (
        <Labelled group label={t('designer.filter')}>
          <FilterBuilder
            narrow
            fields={form.fields}
            value={widget.filter}
            emptyText={t('designer.filterNone')}
            onChange={(filter) => {
              const { filter: _, ...rest } = widget;
              onChange((filter ? { ...rest, filter } : rest) as Widget);
            }}
          />
        </Labelled>
      )}
    </>
  );
}

function DimensionFields({
  widget,
  form,
  onChange,
}: {
  widget: ChartWidget;
  form: FormView;
  onChange: Props['onChange'];
}) {
  const { t } = useTranslation('dashboards');
  const fields = useFilterFields(form.fields).filter(groupable);
  const field = fieldOf(fields, widget.dimension.field);
  return (
    <>
      <Labelled label={t('designer.dimension')}>
        {(id) => (
          <div style={{ display: 'flex', gap: 6 }}>
            <Select<string>
              aria-labelledby={id}
              style={{ flex: 1, minWidth: 0 }}
              value={field ? refOf(field) : null}
              status={field ? '' : 'error'}
              showSearch={{ optionFilterProp: 'label' }}
              popupMatchSelectWidth={false}
              onChange={(ref) => onChange({ ...widget, dimension: dimensionOf(ref, fieldOf(fields, ref)) })}
              options={fields.map((item) => ({ value: refOf(item), label: item.name, title: item.name }))}
            />
            {isTemporal(field) && (
              <Select
                aria-label={t('designer.unit')}
                value={widget.dimension.unit ?? 'month'}
                onChange={(unit) => onChange({ ...widget, dimension: { ...widget.dimension, unit } })}
                options={groupUnits.map((unit) => ({
                  value: unit,
                  label: `${t('designer.unit')}${t(`designer.units.${unit}`)}`,
                }))}
              />
            )}
          </div>
        )}
      </Labelled>
      {widget.type === 'bar' && (
        <Labelled label={t('designer.most')}>
          {(id) => (
            <InputNumber<number>
              aria-labelledby={id}
              min={1}
              max={50}
              precision={0}
              value={widget.limit}
              onChange={(limit) => onChange({ ...widget, limit: limit ?? 20 }, `limit:${widget.id}`)}
            />
          )}
        </Labelled>
      )}
    </>
  );
}

function ListFields({ widget, form, onChange }: { widget: ListWidget; form: FormView; onChange: Props['onChange'] }) {
  const { t } = useTranslation('dashboards');
  const sort = widget.sort[0];
  const sortable = form.fields.filter((field) => behaviourOf(field).sortable);
  const idOf = (ref: string) => form.fields.find((field) => field.id === ref || field.key === ref)?.id;
  const known = widget.columns.flatMap((ref) => idOf(ref) ?? []);
  return (
    <>
      <Labelled label={t('designer.columns')}>
        {(id) => (
          <Select<string[]>
            mode="multiple"
            aria-labelledby={id}
            style={{ width: '100%' }}
            value={known}
            maxCount={12}
            showSearch={{ optionFilterProp: 'label' }}
            // The contract asks for at least one column; taking away the last would leave nothing to show.
            onChange={(refs) => {
              if (refs.length > 0) onChange({ ...widget, columns: refs });
            }}
            options={form.fields.map((field) => ({ value: field.id as string, label: field.name, title: field.name }))}
          />
        )}
      </Labelled>
      <Labelled label={t('designer.sort')}>
        {(id) => (
          <div style={{ display: 'flex', gap: 6 }}>
            <Select<string>
              aria-labelledby={id}
              style={{ flex: 1, minWidth: 0 }}
              allowClear
              placeholder={t('designer.sortNone')}
              value={(sort && idOf(sort.field)) ?? null}
              showSearch={{ optionFilterProp: 'label' }}
              onChange={(ref) => onChange({ ...widget, sort: ref ? [{ field: ref, dir: sort?.dir ?? 'desc' }] : [] })}
              options={sortable.map((field) => ({ value: field.id as string, label: field.name, title: field.name }))}
            />
            {sort && (
              <Select<'asc' | 'desc'>
                aria-label={`${t('designer.sort')} ${t('designer.asc')}`}
                value={sort.dir}
                onChange={(dir) => onChange({ ...widget, sort: [{ ...sort, dir }] })}
                options={(['asc', 'desc'] as const).map((dir) => ({ value: dir, label: t(`designer.${dir}`) }))}
              />
            )}
          </div>
        )}
      </Labelled>
      <Labelled label={t('designer.limit')}>
        {(id) => (
          <InputNumber<number>
            aria-labelledby={id}
            min={1}
            max={100}
            precision={0}
            value={widget.limit}
            onChange={(limit) => onChange({ ...widget, limit: limit ?? 20 }, `limit:${widget.id}`)}
          />
        )}
      </Labelled>
    </>
  );
}
