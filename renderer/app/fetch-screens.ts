/** Fetches the screens that come later, or answers with what has been fetched. */
export const fetchScreens = () => import('./later-screens.ts');

/** Fetches them for whoever will go there; a failure is said when somebody does. */
export function fetchAhead(): void {
  fetchScreens().catch(() => undefined);
}
