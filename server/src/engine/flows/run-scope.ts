/**
 * Where in a run a path is: `''` for the run's own path, `par#a/` for way `a` of the parallel node `par`,
 * `loop#3/par#a/` for the same inside the fourth round of `loop`. Node ids hold neither `#` nor `/`.
 */
export type Scope = string;

export const ownPath: Scope = '';

export function innerScope(outer: Scope, node: string, key: string | number): Scope {
  return `${outer}${node}#${key}/`;
}

/** The scope itself and every one around it, innermost first. */
export function scopesAround(scope: Scope): Scope[] {
  const scopes = [scope];
  for (let at = scope; at !== ownPath; ) {
    at = at.slice(0, at.lastIndexOf('/', at.length - 2) + 1);
    scopes.push(at);
  }
  return scopes;
}

/** The last part's key: a parallel node's way, or a loop's round. */
export function scopeKey(scope: Scope): string {
  return scope.slice(scope.lastIndexOf('#') + 1, -1);
}

/** Rounds of the loops around a path, by loop node. */
export function roundsIn(scope: Scope): Map<string, number> {
  const rounds = new Map<string, number>();
  for (const part of scope.split('/')) {
    const [node, key] = part.split('#');
    if (node && key !== undefined && /^\d+$/.test(key)) rounds.set(node, Number(key));
  }
  return rounds;
}

/** The node that opened an inner path, and the path it stands on. */
export function openerOf(scope: Scope): { scope: Scope; node: string } {
  const outer = scope.slice(0, scope.lastIndexOf('/', scope.length - 2) + 1);
  return { scope: outer, node: scope.slice(outer.length, scope.lastIndexOf('#')) };
}
