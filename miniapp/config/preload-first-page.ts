/** The parts of webpack used here. */
interface Chunk {
  groupsIterable: Iterable<{ getFiles(): string[] }>;
}
interface Compilation {
  modules: Iterable<{ nameForCondition(): string | null }>;
  chunkGraph: { getModuleChunksIterable(module: unknown): Iterable<Chunk> };
  hooks: { processAssets: { tap(options: { name: string; stage: number }, run: () => void): void } };
  getAsset(name: string): { source: { source(): string | Buffer } } | undefined;
  updateAsset(name: string, source: unknown): void;
}
interface Compiler {
  webpack: {
    Compilation: { PROCESS_ASSETS_STAGE_REPORT: number };
    sources: { RawSource: new (text: string) => unknown };
  };
  hooks: { compilation: { tap(name: string, run: (compilation: Compilation) => void): void } };
}

/**
 * Has the browser fetch the first page's code together with the app's: it would be asked for only once the app has run.
 * @param page end of the page's source path
 */
export class PreloadFirstPage {
  constructor(private readonly page: string) {}

  apply(compiler: Compiler): void {
    const { Compilation, sources } = compiler.webpack;
    compiler.hooks.compilation.tap('PreloadFirstPage', (compilation) => {
      compilation.hooks.processAssets.tap(
        { name: 'PreloadFirstPage', stage: Compilation.PROCESS_ASSETS_STAGE_REPORT },
        () => {
          const html = compilation.getAsset('index.html');
          if (!html) return;
          const text = String(html.source.source());
          const files = this.files(compilation).filter((file) => !text.includes(file));
          if (files.length === 0) throw new Error(`no chunk holds ${this.page}`);
          const links = files.map((file) =>
            file.endsWith('.css')
              ? `<link rel="stylesheet" href="./${file}">`
              : `<link rel="preload" as="script" href="./${file}">`,
          );
          compilation.updateAsset(
            'index.html',
            new sources.RawSource(text.replace('</head>', `${links.join('')}</head>`)),
          );
        },
      );
    });
  }

  private files(compilation: Compilation): string[] {
    const files = new Set<string>();
    for (const module of compilation.modules) {
      if (!module.nameForCondition()?.endsWith(this.page)) continue;
      for (const chunk of compilation.chunkGraph.getModuleChunksIterable(module))
        for (const group of chunk.groupsIterable)
          for (const file of group.getFiles()) if (/\.(js|css)$/.test(file)) files.add(file);
    }
    return [...files];
  }
}
