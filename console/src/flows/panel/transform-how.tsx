import { type TransformHow, type TransformOp, transformOps } from '@lianke/shared/flows/nodes/variables';
import { Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';

interface Props {
  /** The variable's name, for the labels. */
  name: string;
  how: TransformHow;
  onChange: (how: TransformHow, merge?: string) => void;
}

function beginning(op: TransformOp): TransformHow {
  switch (op) {
    case 'keep':
      return { op };
    case 'json':
      return { op, path: '' };
    case 'split':
      return { op, by: ',', part: 1 };
    case 'join':
      return { op, by: '、' };
    case 'replace':
      return { op, find: ' ', with: '' };
    case 'cut':
      return { op, from: 1 };
  }
}

const parts = [1, 2, 3, 4, 5, -1];

/** What is done with a value, and with what. */
export function HowEditor({ name, how, onChange }: Props) {
  const { t } = useTranslation('flows');
  const label = (words: string) => `${name} ${words}`;
  return (
    <>
      <Select<TransformOp>
        aria-label={label(t('step.how'))}
        value={how.op}
        onChange={(op) => onChange(beginning(op))}
        options={transformOps.map((op) => ({ value: op, label: t(`step.howOf.${op}`) }))}
      />
      {how.op === 'json' && (
        <>
          <Input
            aria-label={label(t('step.jsonPath'))}
            placeholder={t('step.jsonPath')}
            value={how.path}
            maxLength={200}
            onChange={(event) => onChange({ ...how, path: event.target.value.trim() }, 'path')}
          />
          <div className="designer-hint">{t('step.jsonPathHint')}</div>
        </>
      )}
      {how.op === 'split' && (
        <div className="panel-row">
          <Input
            style={{ width: 96, flex: 'none' }}
            aria-label={label(t('step.splitBy'))}
            placeholder={t('step.splitBy')}
            value={how.by}
            maxLength={20}
            status={how.by === '' ? 'error' : ''}
            onChange={(event) => onChange({ ...how, by: event.target.value }, 'by')}
          />
          <Select<number>
            className="grow"
            aria-label={label(t('step.splitPart'))}
            value={how.part ?? 0}
            onChange={(part) => {
              const { part: _, ...rest } = how;
              onChange(part === 0 ? rest : { ...rest, part });
            }}
            options={[
              { value: 0, label: t('step.splitAll') },
              ...parts.map((part) => ({
                value: part,
                label: part === -1 ? t('step.splitLast') : t('step.splitNth', { n: part }),
              })),
            ]}
          />
        </div>
      )}
      {how.op === 'join' && (
        <Input
          aria-label={label(t('step.joinBy'))}
          placeholder={t('step.joinBy')}
          value={how.by}
          maxLength={20}
          onChange={(event) => onChange({ ...how, by: event.target.value }, 'by')}
        />
      )}
      {how.op === 'replace' && (
        <div className="panel-row">
          <Input
            aria-label={label(t('step.find'))}
            placeholder={t('step.find')}
            value={how.find}
            maxLength={100}
            status={how.find === '' ? 'error' : ''}
            onChange={(event) => onChange({ ...how, find: event.target.value }, 'find')}
          />
          <Input
            aria-label={label(t('step.replaceWith'))}
            placeholder={t('step.replaceWith')}
            value={how.with}
            maxLength={100}
            onChange={(event) => onChange({ ...how, with: event.target.value }, 'with')}
          />
        </div>
      )}
      {how.op === 'cut' && (
        <div className="panel-row">
          <InputNumber<number>
            aria-label={label(t('step.cutFrom'))}
            min={1}
            max={10_000}
            precision={0}
            value={how.from}
            onChange={(from) => onChange({ ...how, from: from ?? 1 }, 'from')}
          />
          <InputNumber<number>
            aria-label={label(t('step.cutLength'))}
            placeholder={t('step.cutLength')}
            min={1}
            max={10_000}
            precision={0}
            value={how.length ?? null}
            onChange={(length) => {
              const { length: _, ...rest } = how;
              onChange(length === null ? rest : { ...rest, length }, 'length');
            }}
          />
        </div>
      )}
    </>
  );
}
