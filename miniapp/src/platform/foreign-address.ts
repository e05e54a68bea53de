import Taro from '@tarojs/taro';

/** Long enough for the router to show the page of a change that it made or understood itself. */
const settle = 300;

function shownAddress(): string {
  const { router } = Taro.getCurrentInstance();
  return `${router?.path.split('?')[0] ?? ''}?${router?.params.id ?? ''}`;
}

function wantedAddress(): string {
  const [path = '', query = ''] = location.hash.replace(/^#/, '').split('?');
  const id = query.split('&').find((pair) => pair.startsWith('id='));
  return `${path}?${id ? decodeURIComponent(id.slice(3)) : ''}`;
}

/**
 * A link opened from outside into this very page changes only the part behind the hash. Taro's router takes another
 * record of a page it already shows for a step back: then the page is loaded anew, which always shows the right one.
 */
export function reloadOnForeignAddress(): void {
  window.addEventListener('hashchange', () => {
    setTimeout(() => {
      if (location.hash.length > 2 && shownAddress() !== wantedAddress()) location.reload();
    }, settle);
  });
}
