import { urlOf } from '@lianke/shared/api/client';
import { PrintChoices } from '../../components/print-choices.js';
import { Sheet } from '../../components/sheet.js';
import { useT } from '../../i18n/index.js';
import { openServerFile } from '../../platform/open-file.js';
import { showNotice } from '../../store/notice.js';

interface Props {
  formId: string;
  id: string;
  onClose(): void;
}

/** 打印: the form's templates and the built-in layout; a tap shows the PDF. */
export function PrintSheet({ formId, id, onClose }: Props) {
  const t = useT();
  const show = (templateId?: string) => {
    const path = urlOf('prints.record', { formId, id }, { templateId, format: 'pdf' });
    openServerFile(path, 'pdf').catch(() => showNotice(t('file.cannotOpen')));
    onClose();
  };
  return (
    <Sheet title={t('record.print')} onClose={onClose}>
      <PrintChoices formId={formId} onPick={show} />
    </Sheet>
  );
}
