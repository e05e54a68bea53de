import type { WidgetData } from '@lianke/shared/dashboards/definition';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import type { FormView } from '../../api/queries.js';
import { fieldRenderers } from '../../fields/registry.js';
import { FieldValue } from '../../shared/field-value.js';
import { formatTotal } from '../../shared/format.js';
import { drillPath } from '../model/chart-rows.js';
import type { ListWidget } from '../model/widgets.js';
import { EmptyWidget } from './empty-widget.js';
import { useWidgetWords } from './widget-words.js';

interface Props {
  appId: string;
  widget: ListWidget;
  form: FormView | undefined;
  data: Extract<WidgetData, { kind: 'rows' }>;
  still: boolean;
}

/** 数据列表: rows of a form that match, each opening its record. */
export function ListBody({ appId, widget, form, data, still }: Props) {
  const { t } = useTranslation('dashboards');
  const words = useWidgetWords(widget, form);
  if (data.items.length === 0) return <EmptyWidget text={words.empty} />;
  const columns = widget.columns.flatMap((ref) => {
    const field = form?.fields.find((item) => item.id === ref || item.key === ref);
    return field ? [field] : [];
  });
  return (
    <div className="widget-list">
      <div className="widget-rows">
        <table>
          <thead>
            <tr>
              {columns.map((field) => (
                <th key={field.id} scope="col" style={{ textAlign: fieldRenderers[field.type].align ?? 'left' }}>
                  {field.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.items.map((row) => (
              <tr key={row.id}>
                {columns.map((field, index) => {
                  const value = <FieldValue field={field} value={row.values[field.key]} />;
                  const opens = index === 0 && !still;
                  return (
                    <td key={field.id} style={{ textAlign: fieldRenderers[field.type].align ?? 'left' }}>
                      {opens ? (
                        <Link to={`/apps/${appId}/forms/${widget.formId}/records/${row.id}`}>
                          {row.values[field.key] ? value : row.label}
                        </Link>
                      ) : (
                        value
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="widget-foot">
        <span className="muted tabular">{t('list.total', { n: formatTotal(data.total) })}</span>
        {!still && <Link to={drillPath(appId, widget.formId, data.drill ?? widget.filter)}>{t('list.open')}</Link>}
      </div>
    </div>
  );
}
