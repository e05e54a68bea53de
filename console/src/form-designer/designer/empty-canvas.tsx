import { AppstoreAddOutlined, FileExcelOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useNavigate } from 'react-router-dom';
import { currentLanguage } from '../../i18n/index.js';
import { EmptyState } from '../../shared/empty-state.js';
import { useText } from '../i18n.js';
import { starters, withStarter } from '../model/starters.js';
import { useDesigner } from './use-designer.js';

/** What stands on a canvas without fields: the three ways to begin. */
export function EmptyCanvas() {
  const text = useText();
  const navigate = useNavigate();
  const { design, form, act } = useDesigner();
  return (
    <EmptyState
      compact
      icon={<AppstoreAddOutlined />}
      title={text('emptyTitle')}
      hint={text('emptyHint')}
      action={
        <>
          <Button icon={<FileExcelOutlined />} onClick={() => navigate(`/apps/${form.appId}/import?formId=${form.id}`)}>
            {text('fromExcel')}
          </Button>
          <Dropdown
            trigger={['click']}
            menu={{
              items: starters.map((starter) => ({
                key: starter.key,
                label: starter.name[currentLanguage()],
                extra: text('templateFields', { n: starter.fields.length }),
              })),
              onClick: ({ key }) => {
                const starter = starters.find((item) => item.key === key);
                if (starter) act({ type: 'replace', design: withStarter(design, starter, currentLanguage()) });
              },
            }}
          >
            <Button icon={<AppstoreAddOutlined />} onClick={(event) => event.stopPropagation()}>
              {text('useTemplate')}
            </Button>
          </Dropdown>
        </>
      }
    />
  );
}
