import type { Component } from 'svelte';
import type { ProgramScreen, ProjectScreen } from '../state/route.ts';
import AlignScreen from '../screens/align/AlignScreen.svelte';
import AnnotateScreen from '../screens/annotate/AnnotateScreen.svelte';
import ExportScreen from '../screens/export/ExportScreen.svelte';
import FindScreen from '../screens/find/FindScreen.svelte';
import InspectScreen from '../screens/inspect/InspectScreen.svelte';
import ModelsScreen from '../screens/models/ModelsScreen.svelte';
import ScoresScreen from '../screens/scores/ScoresScreen.svelte';
import SettingsScreen from '../screens/settings/SettingsScreen.svelte';

/** A screen that the program's first picture does not need. */
export type LaterScreenName = Exclude<ProjectScreen | ProgramScreen, 'start' | 'collection'>;

/** In one file of the build, which `fetch-screens.ts` fetches. */
export const laterScreens: Readonly<Record<LaterScreenName, Component>> = {
  find: FindScreen,
  align: AlignScreen,
  inspect: InspectScreen,
  annotate: AnnotateScreen,
  scores: ScoresScreen,
  export: ExportScreen,
  models: ModelsScreen,
  settings: SettingsScreen,
};
