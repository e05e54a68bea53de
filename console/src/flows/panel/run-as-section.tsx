import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { Trigger } from '@lianke/shared/flows/triggers';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMembers } from '../../api/queries.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { MemberPicker } from '../../shared/member-picker.js';

type RunAs = FlowDefinition['runAs'];

const nobody: readonly Trigger['type'][] = ['schedule', 'dateArrives', 'webhook'];

/** Whose rights the steps have. */
export function RunAsSection({
  value,
  trigger,
  onChange,
}: {
  value: RunAs;
  trigger: Trigger;
  onChange: (value: RunAs) => void;
}) {
  const { t } = useTranslation('flows');
  const members = useMembers();
  const kind = value?.kind ?? 'system';
  const kinds = (['system', 'starter', 'member'] as const).filter(
    (item) => item !== 'starter' || !nobody.includes(trigger.type) || kind === 'starter',
  );
  const first = members.data?.find((member) => member.state === 'active');
  const chosen = value?.kind === 'member' ? members.data?.find((member) => member.id === value.id) : undefined;
  return (
    <Labelled label={t('more.runAs')} hint={t(`more.runAsHint.${kind}`)}>
      <Select<'system' | 'starter' | 'member'>
        aria-label={t('more.runAs')}
        style={{ width: '100%' }}
        value={kind}
        onChange={(next) =>
          onChange(
            next === 'system'
              ? undefined
              : next === 'starter'
                ? { kind: 'starter' }
                : { kind: 'member', id: first?.id ?? '' },
          )
        }
        options={kinds.map((item) => ({ value: item, label: t(`more.runAsOf.${item}`) }))}
      />
      {value?.kind === 'member' && (
        <div style={{ marginTop: 6 }}>
          <MemberPicker
            label={t('more.runAsOf.member')}
            allowClear={false}
            value={chosen ? { id: chosen.id, label: chosen.name } : null}
            onChange={(member) => member && onChange({ kind: 'member', id: member.id })}
          />
        </div>
      )}
    </Labelled>
  );
}
