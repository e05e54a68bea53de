import type { Plugin } from 'vite';

const source = /@ant-design[\\/]icons[\\/]es[\\/]components[\\/]AntdIcon\.js/;
const named = '"aria-label": icon.name';
const hidden = '"aria-hidden": restProps["aria-label"] === undefined';

/**
 * An icon beside a text is decoration: the library would name it in English (a button would be called “plus 新增”).
 * Icons that carry an `aria-label` of their own keep it.
 */
export function decorativeIcons(): Plugin {
  return {
    name: 'decorative-icons',
    transform: {
      filter: { id: source },
      handler(code) {
        if (!code.includes(named)) throw new Error('the icon component of @ant-design/icons is written otherwise now');
        return { code: code.replace(named, hidden), map: null };
      },
    },
  };
}
