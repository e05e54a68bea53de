import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import { useTranslation } from 'react-i18next';
import { currentLanguage } from '../i18n/index.js';

/** Names of field types in the reader's language: 单行文本 … */
export function useTypeLabel(): (type: FieldTypeName) => string {
  // Only to render again when the language changes.
  useTranslation('common');
  return (type) => fieldTypes[type].label[currentLanguage()];
}
