import { config } from 'zod';
import { mount } from 'svelte';
import App from './App.svelte';
import './style/tokens.css';
import './style/base.css';

// Schemas are checked without compiling code: the page's policy forbids that.
config({ jitless: true });

const target = document.getElementById('window');
if (target === null) throw new Error('The page has no element #window.');
target.replaceChildren();
mount(App, { target });
