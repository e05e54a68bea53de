// Runs on any Node that knows ES modules, so that an old one gets a sentence and not a syntax error: nothing newer than
// Node 12 may appear in this file or in the entry scripts that import it.

/** Ends the process with one clear line when this Node is too old, and runs `main` otherwise. */
export function withNode(main) {
  const needed = [20, 19];
  const found = process.versions.node.split('.').map(Number);
  if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
    process.stderr.write(
      `需要 Node.js ${needed.join('.')} 或更新版本，现在是 ${process.versions.node}；请从 https://nodejs.org 安装 / ` +
        `Node.js ${needed.join('.')} or newer is needed, this is ${process.versions.node}\n`,
    );
    process.exit(1);
  }
  main().catch((error) => {
    process.stderr.write(`${error.plain ? error.message : error.stack}\n`);
    process.exit(1);
  });
}
