import { askEarly } from './api/early.ts';
import './style/tokens.css';
import './style/base.css';

askEarly(location.hash);
const { startProgram } = await import('./program.ts');
startProgram();
