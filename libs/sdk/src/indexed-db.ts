// As much of IndexedDB as the outbox uses. The compiler knows no browser here, because the same sources run on servers.

interface Listener {
  (): void;
}

export interface IdbRequest<Value> {
  readonly result: Value;
  readonly error: Error | null;
  onsuccess: Listener | null;
  onerror: Listener | null;
}

interface IdbOpenRequest extends IdbRequest<IdbDatabase> {
  onupgradeneeded: Listener | null;
  onblocked: Listener | null;
}

export interface IdbDatabase {
  onversionchange: Listener | null;
  createObjectStore(name: string, options?: { keyPath?: string; autoIncrement?: boolean }): unknown;
  transaction(stores: readonly string[], mode: 'readonly' | 'readwrite'): IdbTransaction;
  close(): void;
}

export interface IdbTransaction {
  readonly error: Error | null;
  oncomplete: Listener | null;
  onabort: Listener | null;
  objectStore(name: string): IdbObjectStore;
}

interface IdbObjectStore {
  add(value: unknown): IdbRequest<number>;
  put(value: unknown, key?: string): IdbRequest<unknown>;
  get(key: string | number): IdbRequest<unknown>;
  getAll(query: undefined, count: number): IdbRequest<readonly unknown[]>;
  delete(key: number): IdbRequest<unknown>;
}

export interface IdbFactory {
  open(name: string, version: number): IdbOpenRequest;
}

/** The request's result. A request's handler runs inside its transaction, and so does what awaits this. */
export function resultOf<Value>(request: IdbRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused without saying why.'));
  });
}

/** Resolves when what the transaction wrote is there for every page. */
export function completed(transaction: IdbTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () =>
      reject(transaction.error ?? new Error('IndexedDB took the transaction back.'));
  });
}
