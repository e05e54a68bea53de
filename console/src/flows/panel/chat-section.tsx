import { keywordMatches, type Trigger } from '@lianke/shared/flows/triggers';
import { Checkbox, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { fieldOf } from '../model/sources.js';

type Chat = Extract<Trigger, { type: 'chat' }>;

interface Props {
  trigger: Chat;
  form: FormView;
  onChange: (trigger: Chat) => void;
}

/** No field has this id: records are found by their own QR code only. */
const byCode = '';

/** Words or codes that start the flow, and the record that they name. */
export function ChatSection({ trigger, form, onChange }: Props) {
  const { t } = useTranslation('flows');
  const scans = trigger.on === 'scan';
  const unique = form.fields.filter((field) => field.type === 'autonumber' || field.rules.unique);
  const find = (field: string | undefined): Chat => ({ ...trigger, find: field ? { field } : {} });
  return (
    <>
      <Labelled group label={t('start.chatOn')} hint={t(scans ? 'start.chatScanHint' : 'start.chatTextHint')}>
        <Radio.Group
          value={trigger.on}
          onChange={(event) => onChange({ ...trigger, on: event.target.value as Chat['on'] })}
          options={[
            { value: 'text', label: t('start.chatText') },
            { value: 'scan', label: t('start.chatScan') },
          ]}
        />
      </Labelled>
      <Labelled label={t('start.keywords')} hint={t('start.keywordsHint')}>
        <Select<string[]>
          mode="tags"
          open={false}
          suffixIcon={null}
          aria-label={t('start.keywords')}
          style={{ width: '100%' }}
          maxCount={20}
          tokenSeparators={['，', ',', '、']}
          {...(scans ? { placeholder: t('start.keywordsAny') } : {})}
          status={!scans && trigger.keywords.length === 0 ? 'error' : ''}
          value={trigger.keywords}
          onChange={(words) =>
            onChange({
              ...trigger,
              keywords: [...new Set(words.map((word) => word.trim().slice(0, 40)))].filter((word) => word !== ''),
            })
          }
        />
      </Labelled>
      {trigger.keywords.length > 0 && (
        <Labelled label={t('start.match')}>
          <Select<Chat['match']>
            aria-label={t('start.match')}
            style={{ width: '100%' }}
            value={trigger.match}
            onChange={(match) => onChange({ ...trigger, match })}
            options={keywordMatches.map((match) => ({ value: match, label: t(`start.match_${match}`) }))}
          />
        </Labelled>
      )}
      <Labelled group label="" hint={t('start.findHint')}>
        <Checkbox
          checked={trigger.find !== undefined}
          onChange={(event) => {
            const { find: _, ...rest } = trigger;
            onChange(event.target.checked ? find(unique[0]?.id) : rest);
          }}
        >
          {t('start.find')}
        </Checkbox>
      </Labelled>
      {trigger.find && (
        <Labelled label={t('start.findBy')}>
          <Select<string>
            aria-label={t('start.findBy')}
            style={{ width: '100%' }}
            value={fieldOf(form, trigger.find.field ?? '')?.id ?? trigger.find.field ?? byCode}
            onChange={(field) => onChange(find(field === byCode ? undefined : field))}
            options={[
              ...unique.map((field) => ({ value: field.id as string, label: field.name })),
              { value: byCode, label: t('start.findByCode') },
            ]}
          />
        </Labelled>
      )}
    </>
  );
}
