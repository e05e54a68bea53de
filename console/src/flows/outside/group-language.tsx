import type { FlowSecretView } from '@lianke/shared/flows/outside-api';
import { useQueryClient } from '@tanstack/react-query';
import { App, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { secretsKey } from '../panel/use-secrets.js';

type Language = FlowSecretView['language'];

function useLanguages(): { value: Language; label: string }[] {
  const { t } = useTranslation('flows');
  return [
    { value: 'zh', label: t('outside.language_zh') },
    { value: 'en', label: t('outside.language_en') },
  ];
}

/** In which language a group that is being added will be written to. */
export function GroupLanguage({ value, onChange }: { value: Language; onChange: (language: Language) => void }) {
  const { t } = useTranslation('flows');
  return (
    <Labelled label={t('outside.groupLanguage')} hint={t('outside.groupLanguageHint')}>
      <Segmented<Language>
        aria-label={t('outside.groupLanguage')}
        options={useLanguages()}
        value={value}
        onChange={onChange}
      />
    </Labelled>
  );
}

/** The language of a group that is there: chosen anew it holds from the next message on. */
export function GroupLanguageSwitch({ group }: { group: FlowSecretView }) {
  const { t } = useTranslation('flows');
  const { message } = App.useApp();
  const client = useQueryClient();
  const choose = async (language: Language) => {
    try {
      await api('flowSecrets.language', { params: { id: group.id }, body: { language } });
      await client.invalidateQueries({ queryKey: secretsKey });
      message.success(t('outside.groupLanguageChanged'));
    } catch (error) {
      message.error(messageOf(error));
    }
  };
  return (
    <Select<Language>
      size="small"
      style={{ width: 96 }}
      aria-label={`${t('outside.groupLanguage')} ${group.name}`}
      title={t('outside.groupLanguage')}
      value={group.language}
      options={useLanguages()}
      onChange={(language) => void choose(language)}
    />
  );
}
