/** What the page tells the outbox. */
export interface PageListener {
  /** The page may end at any moment, or live on: the last that a page on a phone is sure to hear. */
  onLeaving(): void;
  /** The page has ended, or sleeps in the browser's back-forward cache. */
  onGone(): void;
  /** It was taken out of that cache. */
  onBack(): void;
  onOnline(): void;
}

interface EventSource {
  addEventListener(type: string, listener: () => void, options: { signal: AbortSignal }): void;
}

declare const document: (EventSource & { readonly visibilityState: string }) | undefined;
declare const addEventListener: EventSource['addEventListener'] | undefined;

/** Listens until `signal` aborts. Where there is no page (servers, workers) nothing is ever told. */
export function listenToPage(listener: PageListener, signal: AbortSignal): void {
  if (typeof document === 'undefined' || typeof addEventListener === 'undefined') return;
  const page = document;
  const onHidden = (): void => {
    if (page.visibilityState === 'hidden') listener.onLeaving();
  };
  const onGone = (): void => {
    listener.onLeaving();
    listener.onGone();
  };
  page.addEventListener('visibilitychange', onHidden, { signal });
  addEventListener('beforeunload', () => listener.onLeaving(), { signal });
  addEventListener('pagehide', onGone, { signal });
  addEventListener('pageshow', () => listener.onBack(), { signal });
  addEventListener('online', () => listener.onOnline(), { signal });
}
