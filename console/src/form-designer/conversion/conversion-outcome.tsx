import type { FieldErrorCode } from '@lianke/shared/errors/codes';
import type { ConversionPreview } from '@lianke/shared/forms/conversion';
import { Alert, Table, Tag } from 'antd';
import { fieldMessage } from '../../records/values.js';
import { formatNumber } from '../../shared/format.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import type { DesignField } from '../model/design.js';
import { ImpactList } from '../publish/impact-list.js';

/** What a conversion would do: how many values make it, which do not or would repeat and why, and what uses the field. */
export function ConversionOutcome({
  found,
  field,
  onLeave,
}: {
  found: ConversionPreview;
  field: DesignField;
  onLeave: () => void;
}) {
  const text = useText();
  const { ofRows } = useDesigner();
  const kept = found.scanned - found.failing;
  return (
    <div style={{ marginTop: 12, display: 'grid', gap: 12 }}>
      {found.refusal !== null && <Alert type="error" showIcon title={found.refusal} />}
      {found.refusal !== null && found.failing === 0 ? null : found.failing > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={text(ofRows ? 'convertFailingRows' : 'convertFailing', {
            n: formatNumber(found.failing),
            kept: formatNumber(kept),
          })}
          description={text('convertFailingHint')}
        />
      ) : (
        <Alert
          type="success"
          showIcon
          title={text(ofRows ? 'convertAllRows' : 'convertAll', { n: formatNumber(kept) })}
        />
      )}
      {found.scanned < found.total && (
        <p className="muted">
          {text(ofRows ? 'convertSampledRows' : 'convertSampled', {
            n: formatNumber(found.scanned),
            total: formatNumber(found.total),
          })}
        </p>
      )}
      {found.rows.length > 0 && (
        <Table
          size="small"
          rowKey={(row) => `${row.id} ${row.code}`}
          pagination={false}
          scroll={{ y: 220 }}
          dataSource={found.rows}
          columns={[
            { title: text('convertRecord'), dataIndex: 'label', ellipsis: true },
            { title: field.name, dataIndex: 'value', ellipsis: true },
            {
              title: text('convertReason'),
              key: 'reason',
              ellipsis: true,
              render: (_, row) => fieldMessage(row.code as FieldErrorCode, row.params),
            },
          ]}
        />
      )}
      {found.options.length > 0 && (
        <div>
          <div className="muted" style={{ marginBottom: 4 }}>
            {text('convertOptions', { n: found.options.length })}
          </div>
          <div style={{ maxHeight: 96, overflow: 'auto' }}>
            {found.options.map((option) => (
              <Tag key={option} style={{ marginBottom: 4 }}>
                {option}
              </Tag>
            ))}
          </div>
        </div>
      )}
      <div>
        <ImpactList
          uses={found.uses}
          diff={{ removed: [], changed: [{ before: field, after: field, aspects: ['config'] }] }}
          onLeave={onLeave}
        />
      </div>
    </div>
  );
}
