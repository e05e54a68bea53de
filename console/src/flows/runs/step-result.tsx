import type { FlowNode } from '@lianke/shared/flows/definition';
import type { Json } from '@lianke/shared/json';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { formatDatetime } from '../../shared/format.js';
import { portLabel } from '../designer/picture.js';
import type { Speaker } from '../model/words.js';

interface Line {
  key: string;
  label: string;
  value: ReactNode;
}

type Plain = { [key: string]: Json };
const isPlain = (value: Json | null | undefined): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a step kept of its doing, in words; keys that no step of this version writes are shown as they are. */
export function resultLines(
  t: TFunction<'flows'>,
  speaker: Speaker,
  node: FlowNode,
  output: Json | null,
  appId: string,
): Line[] {
  if (output === null) return [];
  if (!isPlain(output)) return [{ key: 'text', label: t('run.output'), value: String(output) }];
  if (node.type === 'setVariables' || node.type === 'transform')
    return node.items.map((item) => ({
      key: item.key,
      label: item.name,
      value: variableText(t, speaker, item.type, output[item.key]),
    }));
  const shown = Object.entries(output).filter(([key]) => key !== 'listed');
  return shown.map(([key, value]): Line => {
    const line = (label: string, shown: ReactNode): Line => ({ key, label, value: shown });
    switch (key) {
      case 'port':
      case 'outcome': {
        const way = portLabel(speaker, { from: node.id, port: String(value) });
        return line(t(key === 'port' ? 'run.result.way' : 'run.result.outcome'), way || String(value));
      }
      case 'record': {
        const { formId, recordId } = isPlain(value) ? value : {};
        const form = speaker.forms.find((item) => item.id === formId);
        return line(
          t(
            node.type === 'createRecord'
              ? 'run.result.made'
              : node.type === 'findRecords'
                ? 'run.result.first'
                : 'run.result.changed',
          ),
          form && typeof recordId === 'string' ? (
            <Link to={`/apps/${appId}/forms/${form.id}/records/${recordId}`}>{form.name}</Link>
          ) : (
            t('say.gone')
          ),
        );
      }
      case 'records':
        return line(t('run.result.found'), t('run.result.rows', { n: Array.isArray(value) ? value.length : 0 }));
      case 'count':
        return line(t('run.result.found'), t('run.result.rows', { n: value }));
      case 'ways':
        return line(t('more.begun'), (value as string[]).join(t('say.and')) || t('more.begunNone'));
      case 'rounds':
        return line(t('run.result.rounds'), t('run.result.rows', { n: value }));
      case 'formId':
        return line(t('run.result.form'), speaker.forms.find((item) => item.id === value)?.name ?? t('say.gone'));
      case 'sent':
        return line(t('run.result.sent'), t('run.result.people', { n: value }));
      case 'approvers': {
        const ids = Array.isArray(value) ? value : [];
        const names = ids.map((id) => speaker.nameOfMember(String(id)) ?? t('say.gone'));
        return line(t('run.result.asked'), names.join(t('say.and')));
      }
      case 'until':
        return line(t('run.result.until'), formatDatetime(String(value)));
      case 'note':
        return line(t('run.result.note'), String(value));
      default:
        return line(key, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
  });
}

function variableText(t: TFunction<'flows'>, speaker: Speaker, type: string, value: Json | undefined): string {
  if (value === null || value === undefined) return t('say.blank');
  if (type === 'member') return speaker.nameOfMember(String(value)) ?? t('say.gone');
  if (type === 'datetime') return formatDatetime(String(value));
  if (Array.isArray(value)) return value.map(String).join(t('say.and'));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A step's result as lines of name and value. */
export function StepResult({
  speaker,
  node,
  output,
  appId,
}: {
  speaker: Speaker;
  node: FlowNode;
  output: Json | null;
  appId: string;
}) {
  const { t } = useTranslation('flows');
  return (
    <div style={{ display: 'grid', gap: 6 }}>
      {resultLines(t, speaker, node, output, appId).map((line) => (
        <div className="test-line" key={line.key}>
          <span className="muted">{line.label}</span>
          <span>{line.value}</span>
        </div>
      ))}
    </div>
  );
}
