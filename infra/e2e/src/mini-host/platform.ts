/** What differs between the two kinds of mini-program. */
export interface Platform {
  key: 'weapp' | 'dd';
  /** Name of the host's global object. */
  global: 'wx' | 'dd';
  template: '.wxml' | '.axml';
  /** Prefix of `for`, `if` … in templates. */
  directive: 'wx:' | 'a:';
}

export const platforms: Record<Platform['key'], Platform> = {
  weapp: { key: 'weapp', global: 'wx', template: '.wxml', directive: 'wx:' },
  dd: { key: 'dd', global: 'dd', template: '.axml', directive: 'a:' },
};
