import { createContext } from 'svelte';
import type { UserCommands } from './commands.svelte.ts';
import type { ProjectState } from './project.svelte.ts';
import type { WindowState } from './window.svelte.ts';

/** The window of this page. */
export const [getWindow, setWindow] = createContext<WindowState>();

/** The open project; only screens of a project may ask. */
export const [getProject, setProject] = createContext<ProjectState>();

/** What a person can do by key. */
export const [getCommands, setCommands] = createContext<UserCommands>();
