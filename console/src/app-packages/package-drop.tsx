import { AppstoreAddOutlined } from '@ant-design/icons';
import type { PackagePreview } from '@lianke/shared/apps/package-api';
import { upload } from '../api/client.js';
import { FileDrop } from '../shared/file-drop.js';
import { useSentFile } from '../shared/use-sent-file.js';
import { useText } from './i18n.js';

/** Takes a package; a refusal says what is wrong with the file. */
export function PackageDrop({ onRead }: { onRead: (preview: PackagePreview) => void }) {
  const text = useText();
  const sent = useSentFile({
    accepted: /\.json$/i,
    largest: 10 * 1024 * 1024,
    say: text,
    take: async (file) => onRead(await upload<PackagePreview>('packages.read', file)),
  });
  return (
    <FileDrop
      sent={sent}
      accept=".json"
      icon={<AppstoreAddOutlined />}
      title={sent.busy ? text('reading', { name: sent.busy }) : text('drop')}
      failedTitle={text('notRead')}
    >
      <div className="muted">{text('dropHint')}</div>
    </FileDrop>
  );
}
