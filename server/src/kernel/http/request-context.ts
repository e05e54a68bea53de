/**
 * What a logged-in request works with. The kernel does not know tenants: the engine adds the members of its
 * `TenantContext` by declaration merging, in `engine/context.ts`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface RequestContext {}
