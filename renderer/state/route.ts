/** The screens of a project, in the order of the rail. */
export const projectScreens = ['collection', 'find', 'align', 'inspect', 'annotate', 'scores', 'export'] as const;
export type ProjectScreen = (typeof projectScreens)[number];

/** The screens that need no project. */
export const programScreens = ['start', 'models', 'settings'] as const;
export type ProgramScreen = (typeof programScreens)[number];

/** Where the window is: a screen, of a project or of the program, and what it shows. */
export type Route =
  | { readonly screen: Exclude<ProgramScreen, 'models'>; readonly project?: string | undefined }
  | {
      readonly screen: 'models';
      readonly project?: string | undefined;
      /** The part of the screen where classifiers are trained. */
      readonly part?: 'learn' | undefined;
    }
  | {
      readonly screen: ProjectScreen;
      readonly project: string;
      /** The image that Inspect and Annotate show. */
      readonly image?: string | undefined;
    };

/** The part of an address after `#` that leads to a place. */
export function toHash(route: Route): string {
  const project = route.project === undefined ? '' : `/p/${encodeURIComponent(route.project)}`;
  const image = 'image' in route && route.image !== undefined ? `/${encodeURIComponent(route.image)}` : '';
  const part = 'part' in route && route.part !== undefined ? `/${route.part}` : '';
  return `#${project}/${route.screen}${image}${part}`;
}

/** The place that an address names; undefined where it names none. */
export function fromHash(hash: string): Route | undefined {
  const parts = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponentSafely);
  if (parts[0] === 'p') {
    const [, project, screen, image] = parts as (string | undefined)[];
    if (project === undefined || project === '') return undefined;
    if (isProjectScreen(screen)) return { screen, project, image: image === '' ? undefined : image };
    return isProgramScreen(screen) ? { ...programRoute(screen, image), project } : undefined;
  }
  return isProgramScreen(parts[0]) ? programRoute(parts[0], parts.at(1)) : undefined;
}

function programRoute(screen: ProgramScreen, part: string | undefined): Route & { readonly screen: ProgramScreen } {
  return screen === 'models' && part === 'learn' ? { screen, part } : { screen };
}

export function isProjectScreen(name: string | undefined): name is ProjectScreen {
  return projectScreens.some((screen) => screen === name);
}

function isProgramScreen(name: string | undefined): name is ProgramScreen {
  return programScreens.some((screen) => screen === name);
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
