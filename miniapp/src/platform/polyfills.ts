// Phones older than 2020 lack String.replaceAll, which the shared value parsers use with plain strings.
if (!String.prototype.replaceAll) {
  String.prototype.replaceAll = function (this: string, search: string | RegExp, replacement: unknown): string {
    return typeof search === 'string'
      ? this.split(search).join(String(replacement))
      : this.replace(search, String(replacement));
  };
}

export {};
