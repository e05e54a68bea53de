export function packageSizes(folder: string): Map<string, number>;
export function readsGlobal(source: string, name: string): boolean;
export function faultsOf(target: string, folder: string): string[];
